import http from 'node:http';

/** Where nginx listens, as an address to connect to. */
export interface NginxAddress {
  readonly address: string;
  readonly port: number;
}

const PATIENCE_MS = 1000;
const MAX_LENGTH = 1024;

/** The beginning of what nginx itself answers; undefined when it does not answer. */
export function askNginx(
  { address, port }: NginxAddress,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    // A connection of its own each time: a kept one would be answered by an old worker.
    const request = http.get(
      { host: address, port, path, headers, agent: false, timeout: PATIENCE_MS },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          if (body.length < MAX_LENGTH) body += chunk;
        });
        answer.on('end', () => resolve(body));
        answer.on('error', () => resolve(undefined));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}
