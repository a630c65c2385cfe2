import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyOf } from 'node:stream/consumers';

export interface EmbeddingsRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly input: readonly string[];
}

/** An endpoint on loopback whose vectors count words of `vocabulary`, so that texts with the same ones are alike. */
export interface FakeEmbeddingsServer {
  readonly url: string;
  readonly requests: EmbeddingsRequest[];
  /** Answers instead of the endpoint from now on; undefined: the endpoint does again. */
  answerWith(answer: ((response: ServerResponse) => void) | undefined): void;
  /** Answers 400 to everything with such a text. */
  refuse(text: string): void;
  close(): Promise<void>;
}

export async function openFakeEmbeddingsServer(
  vocabulary: readonly (readonly string[])[],
): Promise<FakeEmbeddingsServer> {
  const requests: EmbeddingsRequest[] = [];
  let special: ((response: ServerResponse) => void) | undefined;
  let refused: string | undefined;
  const embed = (text: string) => [
    // Nothing is like nothing.
    0.01,
    ...vocabulary.map((words) => words.filter((word) => text.toLowerCase().includes(word)).length),
  ];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { input } = JSON.parse(await bodyOf(request)) as { readonly input: string[] };
    const { authorization } = request.headers;
    requests.push({ path: request.url ?? '', authorization, input });
    if (special !== undefined) {
      special(response);
      return;
    }
    const bad = refused;
    if (bad !== undefined && input.some((text) => text.includes(bad))) {
      response.writeHead(400).end();
      return;
    }
    const data = input.map((text, index) => ({ index, embedding: embed(text) }));
    // The order of an answer is no matter; the index says whose a vector is.
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ data: data.reverse() }));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((fault: unknown) => response.destroy(fault as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    answerWith: (answer) => (special = answer),
    refuse: (text) => (refused = text),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
