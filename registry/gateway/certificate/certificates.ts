import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { CertificateStatus } from '../gateway.js';
import type { CertificateFolder } from './certificate-folder.js';
import { certificateLife } from './certificate-life.js';
import {
  parseCertificatePair,
  type CertificatePair,
  type PairFiles,
  type ParsedPair,
} from './certificate-pair.js';

/** Reading two small files costs nothing, and sees renames, links and mounts as well as writes. */
const LOOK_MS = 2000;
const REMIND_MS = 24 * 60 * 60_000;

/** The certificate of the HTTPS listener: follows the files of the operator, and holds on to what is good. */
export interface Certificates {
  /** What nginx is to read: the last good pair, or the operator's files as long as there never was one. */
  files(): PairFiles;
  /**
   * nginx does not take the pair whose files these are. The one before it is served again.
   * @returns whether there is one
   */
  refuse(files: PairFiles, reason: string): boolean;
  status(): CertificateStatus;
  /** Looks at the files now. Rejects never. */
  look(): Promise<void>;
  /** Goes on looking until `stop`. @param changed called when there is another pair to serve */
  start(changed: () => void): void;
  stop(): void;
}

export function createCertificates(parts: {
  readonly source: PairFiles;
  readonly folder: CertificateFolder;
  readonly clock: () => Date;
  readonly log: Log;
}): Certificates {
  return new WatchedCertificates(parts);
}

class WatchedCertificates implements Certificates {
  readonly #parts: Parameters<typeof createCertificates>[0];
  #served: CertificatePair | undefined;
  #before: CertificatePair | undefined;
  /** Why the operator's files are not what is served. */
  #fault: string | undefined;
  /** What the last look found wrong. */
  #suspicion: string | undefined;
  /** Digests of pairs that nginx did not take, with its words. */
  readonly #refused = new Map<string, string>();
  #reminded = { of: 'valid', at: 0 };
  #changed: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: Parameters<typeof createCertificates>[0]) {
    this.#parts = parts;
  }

  files(): PairFiles {
    const { source, folder } = this.#parts;
    return this.#served === undefined ? source : folder.filesOf(this.#served.digest);
  }

  refuse(files: PairFiles, reason: string): boolean {
    const refused = this.#served;
    if (
      refused === undefined ||
      path.dirname(files.certFile) !== path.dirname(this.files().certFile)
    )
      return false;
    if (this.#before === undefined) return false;
    this.#refused.set(refused.digest, `nginx refuses the certificate: ${reason}`);
    this.#served = this.#before;
    this.#before = undefined;
    this.#parts.folder.discard(refused.digest);
    this.#complain(this.#refused.get(refused.digest));
    return true;
  }

  status(): CertificateStatus {
    const fault = this.#fault !== undefined && { reason: this.#fault };
    if (this.#served === undefined) return { state: 'missing', names: [], ...fault };
    const { names, validTo } = this.#served;
    return {
      state: certificateLife(this.#served, this.#parts.clock()),
      names,
      expiresAt: validTo.toISOString(),
      ...fault,
    };
  }

  async look(): Promise<void> {
    const found = await this.#read();
    const isFirst = this.#served === undefined;
    if (isFirst) this.#served = this.#parts.folder.latest();
    if (!found.ok) {
      // One file of a pair is renewed after the other: what is wrong once may be right a moment later.
      if (isFirst || this.#suspicion !== undefined) this.#complain(found.reason);
      this.#suspicion = found.reason;
    } else {
      this.#suspicion = undefined;
      this.#take(found.pair);
    }
    this.#remind();
  }

  start(changed: () => void): void {
    this.#changed = changed;
    const next = () => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => void this.look().then(next, next), LOOK_MS).unref();
    };
    next();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<ParsedPair> {
    const { source } = this.#parts;
    try {
      const [cert, key] = await Promise.all([readFile(source.certFile), readFile(source.keyFile)]);
      return parseCertificatePair(cert, key, source);
    } catch (error) {
      return { ok: false, reason: messageOf(error) };
    }
  }

  #take(pair: CertificatePair): void {
    const { folder, log } = this.#parts;
    const refusal = this.#refused.get(pair.digest);
    if (refusal !== undefined || pair.digest === this.#served?.digest) {
      this.#complain(refusal);
      return;
    }
    try {
      folder.keep(pair);
    } catch (error) {
      this.#complain(`the certificate could not be copied for nginx: ${messageOf(error)}`);
      return;
    }
    this.#before = this.#served;
    this.#served = pair;
    this.#complain(undefined);
    const { digest, names, validTo } = pair;
    log.info('certificate read', { digest, names, expiresAt: validTo.toISOString() });
    this.#changed();
  }

  /** Says what is wrong once, and once that it is right again. */
  #complain(fault: string | undefined): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    const { log } = this.#parts;
    if (fault === undefined) log.info('the certificate files are good again');
    else if (this.#served === undefined) {
      log.error('there is no certificate to serve', { reason: fault });
    } else {
      log.error('the new certificate is not taken; the last good one is served', { reason: fault });
    }
  }

  #remind(): void {
    const { state, names, expiresAt } = this.status();
    const now = this.#parts.clock().getTime();
    const { of, at } = this.#reminded;
    if (state === of && (state === 'valid' || now - at < REMIND_MS)) return;
    this.#reminded = { of: state, at: now };
    if (state === 'valid' || state === 'missing') return;
    this.#parts.log.warn(`the certificate is ${state}`, { names, expiresAt });
  }
}
