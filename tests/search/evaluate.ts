import { combineFindings } from '../../registry/search/combine-findings.js';
import { embedInParts } from '../../registry/search/embed-in-parts.js';
import { createEmbeddings, type Embeddings } from '../../registry/search/embeddings.js';
import { createMeaningIndex } from '../../registry/search/meaning-index.js';
import { createToolIndex } from '../../registry/search/tool-index.js';
import { section } from '../bench/markdown-table.js';
import { startModelServer } from './model-server.js';
import { PLACES, scoreAnswers, type Score } from './score.js';
import { readQuestions, readToolSet } from './tool-set.js';

/**
 * `npm run eval:search`: how often the search for tools finds the right one, by words and by words and meaning.
 * `--lexical` leaves the model out; `--missed` lists the questions that were not answered.
 */

const BATCH = 32;
const DEADLINE_MS = 120_000;

const servers = readToolSet();
const questions = readQuestions();
const isTold = process.argv.includes('--missed');
const everything = { limit: PLACES, admits: () => true };

const index = createToolIndex();
for (const { server, tools } of servers) index.put(server, tools);
const byWords = questions.map(({ text }) => index.find({ text, ...everything }));

async function byMeaning(embeddings: Embeddings) {
  const vectors = new Map<string, Float32Array>();
  const meanings = createMeaningIndex({ get: (hash) => vectors.get(hash) }, embeddings.source);
  for (const { server, tools } of servers) meanings.put(server, tools);
  const embed = (texts: readonly string[]) =>
    embeddings.embed(texts, AbortSignal.timeout(DEADLINE_MS));
  for (const batch of inBatches(meanings.missing())) {
    const made = await embedInParts(embed, batch);
    for (const [hash, vector] of made.vectors) vectors.set(hash, vector);
  }
  const asked: Float32Array[] = [];
  for (const batch of inBatches(questions)) {
    asked.push(...(await embed(batch.map(({ text }) => text))));
  }
  return asked.map((vector) => meanings.near(vector, everything).tools);
}

function inBatches<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / BATCH);
  return Array.from({ length: count }, (_, at) => items.slice(at * BATCH, (at + 1) * BATCH));
}

const scores: [string, Score][] = [['lexical', scoreAnswers(questions, byWords)]];
if (!process.argv.includes('--lexical')) {
  const model = await startModelServer();
  try {
    const alike = await byMeaning(createEmbeddings({ url: model.url, model: 'all-MiniLM-L6-v2' }));
    scores.push(['meaning alone', scoreAnswers(questions, alike)]);
    const both = byWords.map((found, at) => combineFindings(found, alike[at] ?? []));
    scores.push(['hybrid', scoreAnswers(questions, both)]);
  } finally {
    await model.stop();
  }
}

const tools = servers.reduce((sum, each) => sum + each.tools.length, 0);
const title = `${questions.length} questions, ${tools} tools of ${servers.length} servers`;
const rows = scores.map(([kind, { recall1, recall5, mrr, halves }]) => [
  kind,
  ...[recall1, recall5, mrr, ...halves].map((value) => value.toFixed(3)),
]);
const heads = ['search', 'recall@1', 'recall@5', 'MRR', 'recall@5, first half', 'second half'];
process.stdout.write(`${section(title, heads, rows)}\n`);
if (isTold) {
  for (const [kind, { missed }] of scores) {
    process.stdout.write(`\nMissed by ${kind} (${missed.length}):\n${missed.join('\n')}\n`);
  }
}
