import { Writable } from 'node:stream';
import { createLogger as createWinston, format } from 'winston';
import type { Log } from './log.js';
import { withoutSecretParameters } from './url-query.js';

const HIDDEN = '[redacted]';
const SECRET_KEY =
  /(?:authorization|cookie|passw(?:or)?d|passphrase|secret|csrf\w*|token|(?:api|secret|private)[-_]?key|session(?:id)?)$/i;
/** Secrets that are told by their shape wherever they stand, and what is left of them. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/mcpgw_[0-9A-Za-z]+(?:_[0-9A-Za-z]+)?/g, `mcpgw_${HIDDEN}`],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\$argon2id\$[^\s"']+/g, HIDDEN],
  [/(\/\/)[^\s/@]+@/g, `$1${HIDDEN}@`],
];
const MAX_DEPTH = 6;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes the log that everything writes to: one line per entry, secrets taken out by the name of
 * their field and by their shape.
 * @param stream where the lines go; standard output unless told otherwise, errors too
 */
export function createLogger(options: {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'json' | 'readable';
  readonly stream?: NodeJS.WritableStream;
}): Log {
  const out = options.stream ?? process.stdout;
  const lines = format.combine(
    format.timestamp(),
    options.format === 'json' ? JSON_LINE : READABLE,
  );
  const logger = createWinston({ level: options.level, format: lines });
  logger.pipe(
    new Writable({
      objectMode: true,
      write: (entry: { readonly [LINE]: string }, _encoding, done) => {
        out.write(`${entry[LINE]}\n`, done);
      },
    }),
  );
  const write = (level: keyof Log) => (message: string, fields?: Fields) => {
    // Only winston's own transports know of levels.
    if (!logger.isLevelEnabled(level)) return;
    // The fields travel apart, or winston would merge one called "message" into the message.
    const safe = redact(fields ?? {}, MAX_DEPTH) as Fields;
    logger.log({ level, message: redactText(message), fields: safe });
  };
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}

/** Where winston keeps the finished line of an entry. */
const LINE = Symbol.for('message');

const JSON_LINE = format.printf(({ level, message, timestamp, fields }) => {
  const head = { time: timestamp, level, message };
  return JSON.stringify({ ...head, ...(fields as Fields), ...head });
});

const READABLE = format.printf(({ level, message, timestamp, fields }) => {
  const pairs = Object.entries(fields as Fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const text = [String(timestamp), level.toUpperCase().padEnd(5), String(message), ...pairs];
  return text.join(' ').replaceAll(/[\r\n]+/g, '\\n');
});

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[...]';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth - 1));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, field]) => [
      key as string,
      SECRET_KEY.test(String(key)) ? HIDDEN : redact(field, depth - 1),
    ]),
  );
}

function redactError(error: Error, depth: number): Fields {
  return {
    name: error.name,
    message: redactText(error.message),
    ...(error.stack !== undefined && { stack: redactText(error.stack) }),
    ...(error.cause !== undefined && { cause: redact(error.cause, depth - 1) }),
  };
}

function redactText(text: string): string {
  const rest = withoutSecretParameters(text, HIDDEN);
  return SECRET_SHAPES.reduce((less, [shape, left]) => less.replaceAll(shape, left), rest);
}
