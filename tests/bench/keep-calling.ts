import http from 'node:http';
import type { BenchCall } from './calls.js';

/** A kept connection, on which calls are made one after the other. */
export interface Caller {
  /** @throws Error when a call is not answered with 200 */
  call(count: number): Promise<void>;
  close(): void;
}

export function createCaller(url: string, { headers, body }: BenchCall): Caller {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const once = () =>
    new Promise<void>((resolve, reject) => {
      const request = http.request(url, { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${url} answered ${String(answer.statusCode)}`));
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  return {
    async call(count) {
      for (let done = 0; done < count; done += 1) await once();
    },
    close: () => agent.destroy(),
  };
}
