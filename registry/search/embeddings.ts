import { z } from 'zod';
import { unitVector } from './mean-vector.js';

/** Turns texts into vectors of length 1, all with as many numbers. */
export interface Embeddings {
  /**
   * One vector for each text, in their order.
   * @throws EmbeddingsFailure, Error when the signal ends or nobody answers
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
  readonly model: string;
  /** Told in keys of caches: vectors of different models do not compare, nor what two endpoints call by one name. */
  readonly source: string;
}

export interface EmbeddingsSettings {
  /** Before `/embeddings`, such as `https://api.example.com/v1`. */
  readonly url: string;
  readonly model: string;
  readonly apiKey?: string;
}

/** The endpoint answered, but not with vectors. The message quotes nothing of its answer, which may quote the key. */
export class EmbeddingsFailure extends Error {
  override readonly name = 'EmbeddingsFailure';
  constructor(
    message: string,
    /** Of the answer, when there was one. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/** Statuses with which endpoints refuse a text, such as one that is too long for the model. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/** Whether the endpoint works and does not take this text. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof EmbeddingsFailure && REFUSALS.has(thrown.status);
}

/** Whether the endpoint may well take other or fewer texts: llama.cpp says 500 of one that is too long, or it takes long. */
export function mayBeDueToTexts(thrown: unknown): boolean {
  if (thrown instanceof EmbeddingsFailure) return isRefusal(thrown) || thrown.status === 500;
  return thrown instanceof DOMException && thrown.name === 'TimeoutError';
}

/** What people are told of an endpoint that failed. */
export function embeddingsFault(thrown: unknown): string {
  return thrown instanceof EmbeddingsFailure ? `it ${thrown.message}` : 'it did not answer in time';
}

/** A hundred vectors of 4,096 numbers in JSON have some 8 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 ** 2;
const MAX_DIMENSIONS = 8192;

const answerSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      index: z.int(),
      embedding: z.array(z.number()).min(1).max(MAX_DIMENSIONS),
    }),
  ),
});

/**
 * Asks an endpoint that speaks as OpenAI's does (`POST <url>/embeddings`). The address is the operator's own setting, as
 * that of the identity provider is, and may be on loopback: what keeps people from registering servers there is not asked.
 */
export function createEmbeddings({ url, model, apiKey }: EmbeddingsSettings): Embeddings {
  return {
    model,
    source: `${url}\n${model}`,
    async embed(texts, signal) {
      const answer = await fetch(`${url}/embeddings`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json',
          ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
        // Nobody else gets the key and the texts.
        redirect: 'error',
        signal,
      }).catch((thrown: unknown) => {
        throw signal.aborted ? thrown : new EmbeddingsFailure(`cannot be reached${codeOf(thrown)}`);
      });
      if (answer.status !== 200) {
        await answer.body?.cancel();
        throw new EmbeddingsFailure(`answered ${answer.status}`, answer.status);
      }
      return vectorsIn(await textOf(answer), texts.length);
    },
  };
}

/** `fetch` only says "fetch failed"; why is in its cause. */
function codeOf(thrown: unknown): string {
  const cause: unknown = thrown instanceof Error ? thrown.cause : undefined;
  const code: unknown =
    typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `: ${code}` : '';
}

async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new EmbeddingsFailure('answered too much');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function vectorsIn(text: string, count: number): Float32Array[] {
  const { data } = parseAnswer(text);
  const vectors = new Map(data.map(({ index, embedding }) => [index, unit(embedding)]));
  const inOrder = Array.from({ length: count }, (_, index) => vectors.get(index));
  const [first] = inOrder;
  return inOrder.map((vector) => {
    if (vector === undefined) throw new EmbeddingsFailure('did not answer with a vector per text');
    if (vector.length !== first?.length) {
      throw new EmbeddingsFailure('answered with vectors of different lengths');
    }
    return vector;
  });
}

function parseAnswer(text: string): z.output<typeof answerSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EmbeddingsFailure('answered with something else than JSON');
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) throw new EmbeddingsFailure('answered with something else than vectors');
  return parsed.data;
}

function unit(numbers: readonly number[]): Float32Array {
  const vector = unitVector(numbers);
  if (vector === undefined) throw new EmbeddingsFailure('answered with no vector');
  return vector;
}
