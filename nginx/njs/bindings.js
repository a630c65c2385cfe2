// What the gate needs beside a look at the token: sessions and message addresses that are tied to their callers, and
// headers for upstreams. One function, so that a call that needs none of it pays for none of it (gate.js).

import crypto from 'crypto';
import fs from 'fs';

/** More than servers say before they announce their address. */
const BEFORE_ENDPOINT = 16384;
let begin = '';
/** No server is here. */
const REFUSED_ADDRESS = '/.endpoint-refused';

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
   * opened the stream. What leads to another host stays as it is; clients refuse it, and shall. All servers share the
   * gateway's host, and clients send their token with each message: what could lead to another server leads nowhere.
   */
  function publicAddress(r, announced) {
    if (!isPlain(announced)) {
      return REFUSED_ADDRESS;
    }
    const server = r.variables.mcp_server;
    const own = r.variables.mcp_scheme + '://' + r.variables.mcp_authority + '/';
    if (announced.startsWith(own)) {
      return sealedAddress(r, server + announced.slice(own.length - 1));
    }
    // An upstream that honours X-Forwarded-Host names the gateway, and one that honours X-Forwarded-Prefix has the prefix.
    const asked = r.variables.public_scheme + '://' + r.variables.forwarded_host + '/';
    const address = announced.startsWith(asked) ? announced.slice(asked.length - 1) : announced;
    if (address.startsWith(r.variables.mcp_announced_prefix + '/')) {
      return sealedAddress(r, address);
    }
    if (/^(?:https?:)?\/\//i.test(address)) {
      return isForeign(r, address) ? address : REFUSED_ADDRESS;
    }
    const folder = address[0] === '/' ? '' : r.variables.mcp_folder;
    return sealedAddress(r, server + folder + address);
  }

  /** Whether all clients read it alike: no characters that URLs do not have, no two dots in its path in any spelling. */
  function isPlain(address) {
    return (
      /^[a-z0-9._~:\/?#\[\]@!$&'()*+,;=%-]*$/i.test(address) &&
      !/^[^?#]*(?:\.|%2e){2}/i.test(address)
    );
  }

  /**
   * Whether it names another host than the one that was asked, as a name or as the usual four numbers: a host that ends in a
   * number is an address in any spelling (URL standard, 3.5).
   */
  function isForeign(r, address) {
    const found =
      /^(?:https?:)?\/\/((?:[a-z0-9_-]+\.)*[a-z_][a-z0-9_-]*|(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2}))(?::\d+)?(?:[\/?#]|$)/i.exec(
        address
      );
    if (found === null) {
      return false;
    }
    const host = found[1].toLowerCase();
    const asked = r.variables.forwarded_host.toLowerCase().split(':')[0];
    return host !== r.variables.host && host !== asked;
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
   * An event of HTTP+SSE that announces the address for messages, with the public one; undefined when it is another event.
   * @param event its lines, joined by line feeds
   * @param name what to call it
   */
  function publicEndpoint(r, event, name) {
    const lines = event.split('\n');
    // Something may stand before the field: a stream may begin with a byte order mark.
    const isField = (line) => line.endsWith('event: endpoint') || line.endsWith('event:endpoint');
    if (!lines.some(isField)) {
      return undefined;
    }
    const data = lines
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(line[5] === ' ' ? 6 : 5));
    const rest = lines.filter(
      (line) =>
        line !== '' && !line.startsWith('data') && !isField(line) && !line.startsWith('event')
    );
    rest.push('event: ' + name, 'data: ' + publicAddress(r, data.join('\n')));
    return rest.join('\n') + '\n\n';
  }

  /**
   * For `js_body_filter` on streams of HTTP+SSE: keeps the announced address for messages inside the public prefix, and lets
   * all that follows pass unread; nginx lets nothing in it announce another one (snippets/sse-endpoint.conf), which is why the
   * event has a name here that only nginx knows.
   */
  function announceEndpoint(r, data, flags) {
    if (!/^\s*text\/event-stream/i.test(r.headersOut['Content-Type'])) {
      r.sendBuffer(data, flags);
      r.done();
      return;
    }
    begin += data;
    const text = withPlainLineEnds(begin);
    for (let from = 0, end; (end = text.indexOf('\n\n', from)) !== -1; from = end + 2) {
      const event = publicEndpoint(r, text.slice(from, end), r.variables.request_id);
      if (event !== undefined) {
        r.sendBuffer(text.slice(0, from) + event + text.slice(end + 2), flags);
        r.done();
        return;
      }
    }
    if (flags.last) {
      r.sendBuffer(begin, flags);
    } else if (begin.length > BEFORE_ENDPOINT) {
      throw new Error('no address for messages was announced');
    }
  }

  /** Of a text of Server-Sent Events, in which lines end in three ways (HTML, 9.2.5). */
  function withPlainLineEnds(text) {
    return text.indexOf('\r') === -1 ? text : text.split('\r\n').join('\n').split('\r').join('\n');
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
    publicEndpoint,
    recordOf,
    sessionOut,
    stranger,
    unknown,
    withPlainLineEnds,
  };
}

export default bindings;
