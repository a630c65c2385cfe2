import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../../errors.js';

/** A certificate with its chain and its key, of which is known that they belong together. */
export interface CertificatePair {
  /** Of both files; 16 hex digits. */
  readonly digest: string;
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Host names and addresses that it is for. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
}

export type ParsedPair =
  | { readonly ok: true; readonly pair: CertificatePair }
  | { readonly ok: false; readonly reason: string };

/** The two files as an operator knows them, for messages. */
export interface PairFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const BEGINNING = /-----BEGIN CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]+?-----END \1PRIVATE KEY-----/;

/** Checks what two files hold: a renewal may be half written, or only one of the two renewed so far. */
export function parseCertificatePair(cert: Buffer, key: Buffer, files: PairFiles): ParsedPair {
  const { certFile, keyFile } = files;
  const no = (reason: string): ParsedPair => ({ ok: false, reason });
  const text = cert.toString('latin1');
  const [leafText] = text.match(CERTIFICATE) ?? [];
  if (leafText === undefined) return no(`${certFile} holds no certificate in PEM form`);
  if (text.match(CERTIFICATE)?.length !== text.match(BEGINNING)?.length) {
    return no(`${certFile} ends in the middle of a certificate`);
  }
  const keyText = PRIVATE_KEY.exec(key.toString('latin1'))?.[0];
  if (keyText === undefined) return no(`${keyFile} holds no private key in PEM form`);
  if (keyText.includes('ENCRYPTED')) {
    return no(`the key in ${keyFile} is protected by a passphrase, which nobody can type in here`);
  }
  try {
    const leaf = new X509Certificate(leafText);
    if (!leaf.checkPrivateKey(createPrivateKey(keyText))) {
      return no(`the key in ${keyFile} is not the one of the certificate in ${certFile}`);
    }
    // The whole chain, as nginx reads it.
    createSecureContext({ cert, key });
    return { ok: true, pair: { ...factsOf(leaf), digest: digestOf(cert, key), cert, key } };
  } catch (error) {
    return no(`${certFile} and ${keyFile} cannot be used: ${messageOf(error)}`);
  }
}

function factsOf(leaf: X509Certificate) {
  const altNames = [...(leaf.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)];
  const commonName = /^CN=(.+)$/m.exec(leaf.subject)?.[1];
  const names = altNames.flatMap(([, name]) => name ?? []);
  return {
    names: names.length === 0 && commonName !== undefined ? [commonName] : names,
    validFrom: new Date(leaf.validFrom),
    validTo: new Date(leaf.validTo),
  };
}

function digestOf(cert: Buffer, key: Buffer): string {
  return createHash('sha256').update(cert).update('\0').update(key).digest('hex').slice(0, 16);
}
