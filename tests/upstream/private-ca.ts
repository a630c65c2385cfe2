import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface PrivateCa {
  readonly caPem: string;
  /** For 127.0.0.1 and localhost, signed by the authority. */
  readonly signed: { readonly key: string; readonly cert: string };
  /** For another name, signed by the authority. */
  readonly otherName: { readonly key: string; readonly cert: string };
}

/** Makes an authority of our own and certificates of it, with openssl. */
export function createPrivateCa(): PrivateCa {
  const folder = mkdtempSync(path.join(tmpdir(), 'private-ca-'));
  const file = (name: string) => path.join(folder, name);
  const read = (name: string) => readFileSync(file(name), 'utf8');
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const subject = ['-subj', '/CN=test', '-nodes', '-newkey', 'rsa:2048'];
    openssl('req', '-x509', ...subject, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2');
    const issue = (name: string, altNames: string) => {
      writeFileSync(file(`${name}.ext`), `subjectAltName=${altNames}\n`);
      openssl('req', ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
      const out = ['-extfile', `${name}.ext`, '-out', `${name}.pem`];
      openssl('x509', '-req', '-in', `${name}.csr`, ...ca, ...out);
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
    };
    return {
      caPem: read('ca.pem'),
      signed: issue('signed', 'IP:127.0.0.1,DNS:localhost'),
      otherName: issue('other', 'DNS:other.example'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
