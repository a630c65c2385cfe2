import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseCertificatePair, type CertificatePair, type PairFiles } from './certificate-pair.js';

/** The one that is served, the one before, and those of renewals that came before nginx took them. */
const KEPT_PAIRS = 4;
const STAGING = '.staging-';
/** A new file, on the disk when it is written, that its owner alone can read. */
const PRIVATELY = { flag: 'wx', mode: 0o600, flush: true } as const;

/**
 * Copies of verified pairs, each under the name of its digest. nginx reads these instead of the files of the
 * operator: a renewal that is half written, or was never right, cannot get in the way of a reload.
 */
export interface CertificateFolder {
  /** Where nginx finds a pair that is kept. */
  filesOf(digest: string): PairFiles;
  keep(pair: CertificatePair): void;
  /** The pair that was kept last. */
  latest(): CertificatePair | undefined;
  discard(digest: string): void;
}

/** @param folder made when the first pair is kept; nobody but its owner can read it */
export function createCertificateFolder(folder: string): CertificateFolder {
  const filesIn = (at: string): PairFiles => ({
    certFile: path.join(at, 'cert.pem'),
    keyFile: path.join(at, 'key.pem'),
  });
  const filesOf = (digest: string) => filesIn(path.join(folder, digest));
  const discard = (name: string) =>
    rmSync(path.join(folder, name), { recursive: true, force: true });
  /** The newest first. */
  const kept = (): string[] =>
    namesIn(folder)
      .filter((name) => !name.startsWith(STAGING))
      .map((name) => ({ name, at: statSync(path.join(folder, name)).mtimeMs }))
      .sort((a, b) => b.at - a.at)
      .map(({ name }) => name);
  const read = (digest: string): CertificatePair | undefined => {
    const files = filesOf(digest);
    try {
      const parsed = parseCertificatePair(
        readFileSync(files.certFile),
        readFileSync(files.keyFile),
        files,
      );
      return parsed.ok && parsed.pair.digest === digest ? parsed.pair : undefined;
    } catch {
      // What somebody took away or damaged is as good as not there.
      return undefined;
    }
  };

  return {
    filesOf,
    keep(pair) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const staging = path.join(folder, `${STAGING}${pair.digest}`);
      discard(`${STAGING}${pair.digest}`);
      mkdirSync(staging, { mode: 0o700 });
      const files = filesIn(staging);
      writeFileSync(files.certFile, pair.cert, PRIVATELY);
      writeFileSync(files.keyFile, pair.key, PRIVATELY);
      discard(pair.digest);
      renameSync(staging, path.join(folder, pair.digest));
      kept().slice(KEPT_PAIRS).forEach(discard);
    },
    latest: () =>
      kept()
        .map(read)
        .find((pair) => pair !== undefined),
    discard,
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
