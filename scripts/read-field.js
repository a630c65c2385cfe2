// Prints one field of a JSON file: read-field.js FIELD FILE. Nothing when it is absent.
import { readFileSync } from 'node:fs';

const [field, file] = process.argv.slice(2);
process.stdout.write(String(JSON.parse(readFileSync(file, 'utf8'))[field] ?? ''));
