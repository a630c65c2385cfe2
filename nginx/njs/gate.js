// The gate: who calls, and may they? Answered from the gate record of the token, which the registry keeps in a
// directory in memory (registry/access/gate-record.ts); nobody else is asked. What a record says for an address is
// read by nginx itself (snippets/gate-verdicts.conf).
//
// In the way of every call, and njs 0.7 makes a new machine for each request, runs the top level of every module in
// it, and takes longest for what is exported. So there is one function here that every call needs; all else is made
// when it is asked for.

import crypto from 'crypto';
import fs from 'fs';
import bindings from './bindings.js';
import glance from './glance.js';

/** The record of the caller, for as long as the request keeps its machine. */
let record;

/**
 * For `js_set $gate_head`: the caller's record (registry/access/gate-text.ts); of a long one its first line, with the line
 * break. Where no record lets the caller in, a word says what to do: `challenge` refuses the token, `learn` asks the
 * registry about it, and `unready` has the caller wait until the records are there.
 */
function head(r) {
  const variables = r.variables;
  const token = variables.gate_token;
  if (!token) {
    return 'challenge';
  }
  let text;
  try {
    text = fs.readFileSync(
      variables.gate_folder + '/' + crypto.createHash('sha256').update(token).digest('hex'),
      'utf8'
    );
  } catch (error) {
    // A record that is there and cannot be read says nothing of the token.
    return error.code === 'ENOENT' ? bindings().unknown(variables) : 'unready';
  }
  // Seconds of ten digits both, which compare as texts until the year 2286.
  if (text > variables.msec || text.startsWith('0 ')) {
    record = text;
    const end = text.length < 120 ? -1 : text.indexOf('\n');
    // Looking for the end of a short line costs more than handing all of it over.
    return end === -1 ? text : text.slice(0, end + 1);
  }
  // The record has expired. One of a good token ends with the token. One that says that a token is bad ends so that the
  // registry is asked again now and then.
  const isRefused = text.indexOf(' refused\n') === text.indexOf(' ');
  return isRefused ? bindings().unknown(variables) : 'challenge';
}

export default {
  head,
  get glance() {
    return glance(record);
  },
  get more() {
    return bindings();
  },
};
