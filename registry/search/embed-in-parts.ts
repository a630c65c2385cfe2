import { mayBeDueToTexts } from './embeddings.js';
import { meanVector } from './mean-vector.js';
import type { Wanted } from './meaning-index.js';

const HARMLESS = 'tool';

interface Made {
  /** By hash. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
  /** Hashes of texts that the endpoint does not take. */
  readonly refused: readonly string[];
}

/**
 * Embeds the texts of tools together. When they are refused or take too long their halves are tried, so that one bad text costs no other
 * tool its vector.
 * @throws what `embed` throws when it is not due to the texts
 */
export async function embedInParts(
  embed: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  wanted: readonly Wanted[],
): Promise<Made> {
  try {
    const made = [...(await embed(wanted.flatMap(({ texts }) => texts)))];
    const pairs = wanted.flatMap(({ hash, texts }) => {
      const vector = meanVector(made.splice(0, texts.length));
      return vector === undefined ? [] : [[hash, vector] as const];
    });
    return { vectors: new Map(pairs), refused: [] };
  } catch (thrown) {
    if (!mayBeDueToTexts(thrown)) throw thrown;
    // When not even this is taken, it is not the texts.
    await embed([HARMLESS]);
    const half = wanted.length >> 1;
    if (half === 0) return { vectors: new Map(), refused: wanted.map(({ hash }) => hash) };
    const first = await embedInParts(embed, wanted.slice(0, half));
    const second = await embedInParts(embed, wanted.slice(half));
    return {
      vectors: new Map([...first.vectors, ...second.vectors]),
      refused: [...first.refused, ...second.refused],
    };
  }
}
