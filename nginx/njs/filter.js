// Reads what a server answers to a caller whose tools are limited, and takes out of lists what the caller may not use.
// A request has a machine of its own, so what is kept here is kept for one answer.

import decision from './decision.js';
import gate from './gate.js';
import policy from './policy.js';

/** More than this of one message is not kept in memory: the answer ends instead. */
const MAX_BYTES = 8 * 1024 * 1024;
/** njs gives no memory back before an answer ends, and takes three bytes for each that it is given: a stream ends here. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;
/** What has none of these words is not looked into: it is no list, and announces no address. */
const WORDS = ['"tools"', '"prompts"', '"resources"', '"resourceTemplates"', 'endpoint'];

let how;
/** What has come in and is not complete, in the pieces in which it came, and its length. */
let pieces = [];
let length = 0;
/** What has come in at all. */
let total = 0;

/** For `js_header_filter`: the length will be another. */
function head(r) {
  if (r.status !== 200) {
    how = 'through';
    return;
  }
  if (r.headersOut['Content-Encoding'] !== undefined) {
    how = 'closed';
    delete r.headersOut['Content-Encoding'];
    r.headersOut['Content-Type'] = 'application/json';
  } else {
    how = /^text\/event-stream/i.test(r.headersOut['Content-Type']) ? 'events' : 'whole';
  }
  delete r.headersOut['Content-Length'];
}

/** For `js_body_filter` with `buffer_type=buffer`. */
function body(r, data, flags) {
  if (how === 'through') {
    r.sendBuffer(data, flags);
    r.done();
    return;
  }
  if (how === 'closed') {
    r.sendBuffer(flags.last ? unreadable() : '', flags);
    return;
  }
  if (data.length > 0) {
    pieces.push(data);
    length += data.length;
    total += data.length;
  }
  if (length > MAX_BYTES) {
    throw new Error('a message is too large to be filtered');
  }
  if (total > MAX_STREAM_BYTES) {
    throw new Error('a stream has become too long to be filtered');
  }
  if (how === 'events') {
    r.sendBuffer(endsEvent(data) ? completeEvents(r) : '', flags);
  } else {
    r.sendBuffer(flags.last ? whole(r) : '', flags);
  }
}

const BLANK_LINES = ['\n\n', '\r\n\r\n', '\r\r'];
/** The last bytes of the piece before: a blank line may come in two. */
let edge = Buffer.from('');

/** Whether an event ends in this piece: only then are the pieces joined. */
function endsEvent(data) {
  const around = Buffer.concat([edge, data.slice(0, 3)]);
  edge = data.length < 3 ? around.slice(-3) : data.slice(-3);
  return BLANK_LINES.some((blank) => data.indexOf(blank) !== -1 || around.indexOf(blank) !== -1);
}

function kept() {
  const all = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  pieces = [];
  length = 0;
  return all;
}

/** Of bytes or text. */
function hasNothingToHide(from) {
  return WORDS.every((word) => from.indexOf(word) === -1);
}

/** What the caller may use of the list in a JSON text. @throws Error when it is no JSON */
function withoutHidden(r, text) {
  if (hasNothingToHide(text)) {
    return text;
  }
  // Read again for each list: rights may have changed since the stream was opened.
  const record = gate.more.recordOf(r);
  const access = record === undefined ? undefined : policy.accessOf(record, r.variables.mcp_server);
  return JSON.stringify(decision.filtered(JSON.parse(text), access));
}

function whole(r) {
  const text = kept().toString();
  if (text === '') {
    return text;
  }
  try {
    return withoutHidden(r, text);
  } catch (error) {
    return unreadable();
  }
}

function unreadable() {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: {
      code: -32080,
      message:
        'The list of the server cannot be read, so that what is not permitted could not be taken out of it.',
      data: { error: 'list-unreadable' },
    },
  });
}

/**
 * The events that have come in whole, filtered; what follows the last of them is kept. Never split by a regular expression:
 * in njs 0.7 that takes kilobytes of memory for each letter.
 */
function completeEvents(r) {
  const all = kept();
  const end = BLANK_LINES.reduce((last, blank) => {
    const at = all.lastIndexOf(blank);
    return at === -1 ? last : Math.max(last, at + blank.length);
  }, 0);
  if (end < all.length) {
    pieces = [all.slice(end)];
    length = all.length - end;
  }
  const complete = all.slice(0, end);
  if (hasNothingToHide(complete)) {
    return complete;
  }
  return gate.more
    .withPlainLineEnds(complete.toString())
    .split('\n\n')
    .map((event) => filteredEvent(r, event))
    .join('');
}

function filteredEvent(r, event) {
  const announced = gate.more.publicEndpoint(r, event, 'endpoint');
  if (announced !== undefined) {
    return announced;
  }
  const data = [];
  const rest = [];
  event.split('\n').forEach((line) => {
    if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
    } else if (line !== '') {
      rest.push(line);
    }
  });
  if (data.length > 0) {
    rest.push('data: ' + listed(r, data.join('\n')));
  }
  return rest.length === 0 ? '' : rest.join('\n') + '\n\n';
}

function listed(r, text) {
  try {
    // What is not JSON would be no message; several lines are one text (HTML, 9.2.6).
    return withoutHidden(r, text).split('\n').join('\ndata: ');
  } catch (error) {
    return unreadable();
  }
}

export default { head, body };
