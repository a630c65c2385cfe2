import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigFile, KeptGeneration } from '../gateway.js';
import type { NginxLayout } from '../nginx/nginx-layout.js';
import type { Generation } from '../render/render-config.js';
import { createGenerationJournal, type GenerationNote } from './generation-journal.js';
import { createRetiredMarks } from './retired-marks.js';

const KEPT_GENERATIONS = 10;
const STAGING = '.staging-';

/** The generations on disk, and the link that says which of them nginx reads. */
export interface GenerationStore {
  /** Writes a generation whole under its own name. Gives its main configuration file. */
  stage(generation: Generation): string;
  /** Makes what was staged durable, which it has to be before it is swapped in. */
  sync(id: string): Promise<void>;
  /** Writes files for a test alone. `discard` them afterwards. */
  stageTrial(files: readonly ConfigFile[]): { readonly configFile: string; discard(): void };
  /** Makes `current` mean this generation; atomic. */
  swap(id: string): void;
  /** Says which generation serves: workers of any other pass on what still reaches them. */
  retireAllBut(id: string): void;
  /** Removes a generation that nginx refused. */
  discard(id: string): void;
  /** The generation that `current` means. */
  current(): string | undefined;
  read(id: string): readonly ConfigFile[];
  /** Notes that nginx serves it. */
  note(id: string, note: GenerationNote): void;
  /** What was noted of it last. */
  noted(id: string): GenerationNote | undefined;
  /** Those on disk, the last applied first. */
  list(): readonly Omit<KeptGeneration, 'live'>[];
  /** Removes what a killed process left, and all generations but the ten that were applied last. */
  cleanUp(): void;
}

export function createGenerationStore(layout: NginxLayout): GenerationStore {
  const folderOf = (id: string) => path.join(layout.generations, id);
  const isStaging = (name: string) => name.startsWith(STAGING);
  const generations = () => readdirSync(layout.generations).filter((name) => !isStaging(name));
  const retired = createRetiredMarks(layout);
  const journal = createGenerationJournal(layout.journal);
  const list = () =>
    lastAppliedFirst(generations().map((id) => foundAt(folderOf(id), journal.read(id))));
  let trials = 0;

  const write = (name: string, files: readonly ConfigFile[]): string => {
    const staging = path.join(layout.generations, `${STAGING}${process.pid}-${name}`);
    writeTree(staging, files);
    return staging;
  };

  const current = () => currentOf(layout);

  return {
    stage({ id, files }) {
      // It may have served before; its new workers must not pass requests on to themselves.
      retired.clear(id);
      const folder = folderOf(id);
      if (!holds(folder, files)) {
        const staging = write(id, files);
        rmSync(folder, { recursive: true, force: true });
        renameSync(staging, folder);
      }
      return path.join(folder, 'nginx.conf');
    },
    async sync(id) {
      await syncTree(folderOf(id));
      syncFolder(layout.generations);
    },
    stageTrial(files) {
      trials += 1;
      const staging = write(`trial${trials}`, files);
      return {
        configFile: path.join(staging, 'nginx.conf'),
        discard: () => rmSync(staging, { recursive: true, force: true }),
      };
    },
    swap(id) {
      const link = `${layout.current}.${process.pid}`;
      rmSync(link, { force: true });
      symlinkSync(path.join('generations', id), link);
      renameSync(link, layout.current);
      syncFolder(layout.prefix);
    },
    retireAllBut(id) {
      retired.clear(id);
      retired.mark(generations().filter((other) => other !== id));
    },
    discard(id) {
      if (current() !== id) rmSync(folderOf(id), { recursive: true, force: true });
    },
    current,
    read: (id) => readTree(folderOf(id), ''),
    note: (id, note) => journal.write(id, note),
    noted: (id) => journal.read(id),
    list,
    cleanUp() {
      for (const name of readdirSync(layout.prefix)) {
        if (/^current\.\d+$/.test(name)) rmSync(path.join(layout.prefix, name), { force: true });
      }
      for (const name of readdirSync(layout.generations).filter(isStaging)) {
        rmSync(folderOf(name), { recursive: true, force: true });
      }
      const serving = current();
      list()
        .filter(({ generation }) => generation !== serving)
        .slice(KEPT_GENERATIONS - 1)
        .forEach(({ generation }) =>
          rmSync(folderOf(generation), { recursive: true, force: true }),
        );
      const kept = new Set(generations());
      journal.keepOnly(kept);
      retired.cleanUp(kept);
    },
  };
}

interface FoundGeneration {
  readonly id: string;
  readonly changedMs: number;
  readonly note: GenerationNote | undefined;
}

function foundAt(folder: string, note: GenerationNote | undefined): FoundGeneration {
  return { id: path.basename(folder), changedMs: statSync(folder).mtimeMs, note };
}

/** One that was never applied, or before that was noted, counts as applied when it was written. */
function lastAppliedFirst(
  found: readonly FoundGeneration[],
): readonly Omit<KeptGeneration, 'live'>[] {
  const timeOf = ({ note, changedMs }: FoundGeneration) =>
    note?.appliedAt === undefined ? changedMs : Date.parse(note.appliedAt);
  return [...found]
    .sort((a, b) => timeOf(b) - timeOf(a))
    .map(({ id, note }) => {
      const { origin, ...rest } = note ?? {};
      return { generation: id, ...rest, ...(origin && { origin }) };
    });
}

function writeTree(root: string, files: readonly ConfigFile[]): void {
  rmSync(root, { recursive: true, force: true });
  for (const folder of new Set(files.map((file) => path.dirname(file.path)))) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  for (const file of files) writeFileSync(path.join(root, file.path), file.text, { mode: 0o640 });
}

function currentOf(layout: NginxLayout): string | undefined {
  try {
    return path.basename(readlinkSync(layout.current));
  } catch {
    return undefined;
  }
}

function holds(folder: string, files: readonly ConfigFile[]): boolean {
  return files.every((file) => {
    const target = path.join(folder, file.path);
    return existsSync(target) && readFileSync(target, 'utf8') === file.text;
  });
}

/** All files and folders at a time: the disk takes them together. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map((entry) => {
      const name = path.join(folder, entry.name);
      return entry.isDirectory() ? syncTree(name) : syncOne(name);
    }),
  );
  await syncOne(folder);
}

async function syncOne(name: string): Promise<void> {
  const handle = await open(name, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readTree(root: string, below: string): ConfigFile[] {
  return readdirSync(path.join(root, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.join(below, entry.name);
      return entry.isDirectory()
        ? readTree(root, name)
        : [{ path: name, text: readFileSync(path.join(root, name), 'utf8') }];
    });
}
