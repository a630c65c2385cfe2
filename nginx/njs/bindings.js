// What the gate needs beside a look at the token: sessions and message addresses that are tied to their callers, and
// headers for upstreams. One function, so that a call that needs none of it pays for none of it (gate.js).

import crypto from 'crypto';
import fs from 'fs';

/** More than servers say before they announce their address. */
const BEFORE_ENDPOINT = 16384;
let begin = '';

function bindings() {
  /** The record of the caller as text; undefined without one. */
  function recordOf(r) {
    const token = r.variables.gate_token;
    try {
      return token
        ? fs.readFileSync(
            r.variables.gate_folder + '/' + crypto.createHash('sha256').update(token).digest('hex'),
            'utf8'
          )
        : undefined;
    } catch (error) {
      return undefined;
    }
  }

  /** What is to be done with a token without a record: ours would have one, others the registry can be asked about. */
  function unknown(variables) {
    try {
      fs.accessSync(variables.gate_folder + '/ready');
    } catch (error) {
      return 'unready';
    }
    return variables.gate_learns === '1' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(variables.gate_token)
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

  /**
   * For `js_set $gate_stranger`: 1 when the session, or the address for messages, is not one that this caller was given.
   * Of a caller without a record that is not asked.
   */
  function stranger(r) {
    return isStranger(r, r.variables.gate_head) ? '1' : '';
  }

  /** @param head the first line of the caller's record */
  function isStranger(r, head) {
    const key = head.split(' ')[2];
    if (!key) {
      return false;
    }
    const variables = r.variables;
    // A straight call is still at its address.
    const uri = r.uri;
    const isStraight = uri.endsWith('/mcp') && uri[1] !== '.';
    const server = isStraight ? uri.slice(0, -4) : variables.mcp_path;
    if (
      !isStraight &&
      variables.mcp_message_path &&
      !isOwnAddress(variables.request_uri, key, server)
    ) {
      return true;
    }
    const session = variables.http_mcp_session_id;
    if (session) {
      const opened = openedSession(session, key, server);
      if (opened === undefined) {
        return true;
      }
      variables.gate_session = opened;
    }
    return false;
  }

  /** For `js_set $gate_session_out`: the session id that the upstream gave, tied to the caller. */
  function sessionOut(r) {
    const session = r.variables.upstream_http_mcp_session_id;
    const text = session ? recordOf(r) : undefined;
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
    const text = recordOf(r);
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

  /**
   * For `js_body_filter` on streams of HTTP+SSE: keeps the announced address for messages inside the public prefix, and lets
   * all that follows pass unread. No result that merely quotes such an event is one: a line break cannot stand in JSON.
   */
  function announceEndpoint(r, data, flags) {
    begin += data;
    const found = /(?:^|[\r\n])event: ?endpoint(?:\r\n|\r|\n)data: ?([^\r\n]*)(?=[\r\n])/.exec(
      begin
    );
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

  return {
    announceEndpoint,
    credentialLines,
    isStranger,
    publicAddress,
    recordOf,
    sessionOut,
    stranger,
    unknown,
  };
}

export default bindings;
