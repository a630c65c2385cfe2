// Prints a JSON object for a request to the API. Arguments come in threes: kind, field, value.
//   string name Weather   boolean enabled true   number timeoutSeconds 60   null search -   item tags public
//   file tls.caPem ca.pem   env password VARIABLE   all - FILE (a whole object)
// "-" in the place of a file is standard input.
// A dot in a field makes an inner object; a later argument wins over an earlier one.
import { readFileSync } from 'node:fs';

const READERS = {
  string: (value) => value,
  boolean: (value) => value === 'true',
  number: (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) throw new Error('is not a number');
    return number;
  },
  null: () => null,
  item: (value) => value,
  file: read,
  env: (value) => process.env[value] ?? '',
  all: (value) => JSON.parse(read(value)),
};

/** Standard input, or a file; what cannot be read is named, whatever field it was for. */
function read(name) {
  try {
    return readFileSync(name === '-' ? 0 : name, 'utf8');
  } catch (problem) {
    process.stderr.write(`${name}: cannot be read (${problem.code})\n`);
    process.exit(2);
  }
}

function put(body, kind, field, value) {
  if (kind === 'all') {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new Error('is not a JSON object');
    }
    Object.assign(body, value);
    return;
  }
  const names = field.split('.');
  const last = names.pop();
  const parent = names.reduce((object, name) => (object[name] ??= {}), body);
  parent[last] = kind === 'item' ? [...(parent[last] ?? []), value] : value;
}

const body = {};
const args = process.argv.slice(2);
for (let i = 0; i + 2 < args.length; i += 3) {
  const [kind, field, value] = args.slice(i, i + 3);
  try {
    put(body, kind, field, READERS[kind](value));
  } catch (problem) {
    process.stderr.write(`${field === '-' ? value : field}: ${problem.message}\n`);
    process.exit(2);
  }
}
process.stdout.write(JSON.stringify(body));
