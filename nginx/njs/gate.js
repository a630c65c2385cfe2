// The gate: who calls, and may they? Answered from the gate record of the token, which the registry keeps in a
// directory in memory (registry/access/gate-record.ts); nobody else is asked.
//
// In the way of every call, and njs 0.7 makes a new machine for each request and runs the top level of every module
// in it: here is only what every call needs, and inspection.js has the rest.

import crypto from 'crypto';
import fs from 'fs';

/** The bearer token of the request; undefined without one. */
function tokenOf(r) {
  const header = r.variables.http_authorization;
  if (!header) {
    return undefined;
  }
  // As nearly everybody writes it; tokens of ours have no blanks.
  if (header.startsWith('Bearer mcpgw_')) {
    return header.slice(7);
  }
  const bearer = /^bearer +(\S+) *$/i.exec(header);
  return bearer === null ? undefined : bearer[1];
}

/** The record of a token as text; undefined without one. */
function recordOf(folder, token) {
  try {
    return fs.readFileSync(
      folder + '/' + crypto.createHash('sha256').update(token).digest('hex'),
      'utf8'
    );
  } catch (error) {
    return undefined;
  }
}

/**
 * For `js_set $gate_verdict`. The first line of a record is
 * `<expires in s, or 0> <server(s) or *> <session key> <principal> <open servers...>` (`/a` or `/a*`), and rules in JSON follow
 * where the caller does not have all tools of some servers.
 *
 * `pass`; `inspect`: it depends on the rules and the body; `denied`: nothing here is for this caller; `challenge`: no good token;
 * `learn`: the registry may know the token; `unready`: the records are not there yet; `stranger`: the session is
 * somebody else's.
 */
function verdict(r) {
  const variables = r.variables;
  const token = tokenOf(r);
  if (token === undefined) {
    return 'challenge';
  }
  const text = recordOf(variables.gate_folder, token);
  if (text === undefined) {
    return unknown(r, token);
  }
  const end = text.indexOf('\n');
  const fields = (end === -1 ? text : text.slice(0, end)).split(' ');
  // Seconds of ten digits both, which compare as texts until the year 2286.
  if (fields[0] !== '0' && fields[0] <= variables.msec) {
    // Of a good token the end is known; a bad one may be looked at again.
    return fields[1] === 'refused' ? unknown(r, token) : 'challenge';
  }
  if (fields[1] === 'refused') {
    return 'challenge';
  }
  // A straight call is still at its address.
  const uri = r.uri;
  const isStraight = uri.endsWith('/mcp') && uri[1] !== '.';
  const server = isStraight ? uri.slice(0, -4) : variables.mcp_path;
  if (fields[1] !== '*' && fields[1] !== server && fields[1].split(',').indexOf(server) === -1) {
    return 'challenge';
  }
  variables.gate_principal = fields[3];
  if (
    !isStraight &&
    variables.mcp_message_path &&
    !isOwnAddress(variables.request_uri, fields[2], server)
  ) {
    return 'stranger';
  }
  const session = variables.http_mcp_session_id;
  if (session) {
    const opened = openedSession(session, fields[2], server);
    if (opened === undefined) {
      return 'stranger';
    }
    variables.gate_session = opened;
  }
  if (isOpen(fields, server)) {
    return 'pass';
  }
  if (end === -1) {
    return 'denied';
  }
  variables.gate_record = text;
  return 'inspect';
}

/** Whether the first line of a record says that every tool of the server may be used. */
function isOpen(fields, server) {
  for (let i = 4; i < fields.length; i++) {
    const open = fields[i];
    if (open === server || (open.endsWith('*') && server.startsWith(open.slice(0, -1)))) {
      return true;
    }
  }
  return false;
}

/** A token without a record: ours would have one, others the registry can be asked about. */
function unknown(r, token) {
  try {
    fs.accessSync(r.variables.gate_folder + '/ready');
  } catch (error) {
    return 'unready';
  }
  return r.variables.gate_learns === '1' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
    ? 'learn'
    : 'challenge';
}

/** Ties the session id of an upstream to the principal that opened it. */
function sealOf(session, key, server) {
  return crypto
    .createHmac('sha256', key)
    .update(server + '\n' + session)
    .digest('hex')
    .slice(0, 32);
}

/** The upstream's own id of a session that this principal opened here; undefined of any other. */
function openedSession(given, key, server) {
  const at = given.length - 33;
  if (at < 1 || given[at] !== '.') {
    return undefined;
  }
  const session = given.slice(0, at);
  return sealOf(session, key, server) === given.slice(at + 1) ? session : undefined;
}

/** For `js_set $gate_session_out`: the session id that the upstream gave, tied to the caller. */
function sessionOut(r) {
  const session = r.variables.upstream_http_mcp_session_id;
  const text = session ? recordOf(r.variables.gate_folder, tokenOf(r)) : undefined;
  return text === undefined
    ? ''
    : session + '.' + sealOf(session, text.split(' ')[2], r.variables.mcp_named);
}

/**
 * The public form of the address to which an HTTP+SSE upstream wants messages sent, as clients resolve it against the URL of
 * the stream. It names the session, in its path or in its query: where callers need a token, a seal ties it to the one who
 * opened the stream. What leads to another host stays as it is; clients refuse it, and shall.
 */
function publicAddress(r, announced) {
  const server = r.variables.mcp_server;
  const own = r.variables.mcp_scheme + '://' + r.variables.mcp_authority + '/';
  if (/^(?:\/\/|https?:\/\/)/.test(announced) && !announced.startsWith(own)) {
    return announced;
  }
  // An upstream that honours X-Forwarded-Prefix has said it already.
  if (announced.startsWith(r.variables.mcp_announced_prefix + '/')) {
    return sealedAddress(r, announced);
  }
  if (announced.startsWith(own)) {
    return sealedAddress(r, server + announced.slice(own.length - 1));
  }
  const folder = announced[0] === '/' ? '' : r.variables.mcp_folder;
  return sealedAddress(r, server + folder + announced);
}

function sealedAddress(r, address) {
  if (!r.variables.mcp_guarded) {
    return address;
  }
  const text = recordOf(r.variables.gate_folder, tokenOf(r));
  if (text === undefined) {
    return address;
  }
  const seal = sealOf(address, text.split(' ')[2], r.variables.mcp_server);
  return address + (address.indexOf('?') === -1 ? '?' : '&') + 'gateway_seal=' + seal;
}

function isOwnAddress(address, key, server) {
  const sealed = /^(.*)[?&]gateway_seal=([0-9a-f]{32})$/.exec(address);
  return sealed !== null && sealOf(sealed[1], key, server) === sealed[2];
}

/** More than servers say before they announce their address. */
const BEFORE_ENDPOINT = 16384;
let begin = '';

/**
 * For `js_body_filter` on streams of HTTP+SSE: keeps the announced address for messages inside the public prefix, and lets
 * all that follows pass unread. No result that merely quotes such an event is one: a line break cannot stand in JSON.
 */
function announceEndpoint(r, data, flags) {
  begin += data;
  const found = /(?:^|[\r\n])event: ?endpoint(?:\r\n|\r|\n)data: ?([^\r\n]*)(?=[\r\n])/.exec(begin);
  if (found === null && begin.length < BEFORE_ENDPOINT && !flags.last) {
    return;
  }
  if (found !== null) {
    const end = found.index + found[0].length;
    begin = begin.slice(0, end - found[1].length) + publicAddress(r, found[1]) + begin.slice(end);
  }
  r.sendBuffer(begin, flags);
  r.done();
}

/**
 * For `js_set $credential_lines`: what the registry wrote down for the upstream (registry/upstream/credential-files.ts).
 * Here and not in a module of its own, since a request keeps the machine with which the gate looked at it.
 */
function credentialLines(r) {
  try {
    return fs.readFileSync(
      r.variables.gate_folder + '/upstream/' + r.variables.credential_file,
      'utf8'
    );
  } catch (error) {
    return '';
  }
}

export default {
  credentialLines,
  announceEndpoint,
  publicAddress,
  verdict,
  sessionOut,
  tokenOf,
  recordOf,
};
