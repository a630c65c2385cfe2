// What needs more than a look at the token: callers whose tools are limited, and tokens that the registry has to verify.

import fs from 'fs';
import decision from './decision.js';
import gate from './gate.js';
import jsonRpc from './json-rpc.js';
import policy from './policy.js';

/** What the rules in a record allow on a server; see policy.js. */
function accessOf(text, server) {
  const end = text.indexOf('\n');
  return end === -1 ? undefined : policy.accessTo(server, JSON.parse(text.slice(end + 1)).rules);
}

/** For `js_content`: reads the message of a caller whose tools are limited, and passes it on or refuses it. */
function inspect(r) {
  const server = r.variables.mcp_path;
  const text = gate.recordOf(r.variables.gate_folder, gate.tokenOf(r));
  const access = text === undefined ? undefined : accessOf(text, server);
  if (access === undefined) {
    return r.internalRedirect('/.mcp/denied');
  }
  // Some servers take another method from a header or the query (`X-HTTP-Method-Override`): then a body is a call.
  if (!access.all && r.method !== 'POST' && hasBody(r)) {
    return refuse(r, 400, null, 'a body comes with POST alone');
  }
  // What the server says by itself is for all; what is sent to it is not.
  if (access.all || r.method !== 'POST') {
    return pass(r);
  }
  if (r.headersIn['Content-Encoding'] !== undefined) {
    return refuse(
      r,
      415,
      null,
      'compressed bodies are not taken from callers whose tools are limited'
    );
  }
  if (
    !/^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(r.headersIn['Content-Type'])
  ) {
    return refuse(r, 415, null, 'the content type must be application/json in UTF-8');
  }
  let bytes;
  let body;
  try {
    bytes = r.requestBuffer;
    body = r.requestText;
  } catch (error) {
    return refuse(
      r,
      413,
      null,
      'the body is larger than the gate reads of callers whose tools are limited'
    );
  }
  const read = jsonRpc.read(
    bytes === undefined ? Buffer.from('') : bytes,
    body === undefined ? '' : body
  );
  if (read.problem !== undefined) {
    return refuse(r, 400, null, read.problem);
  }
  const headers = mirrored(r);
  if (headers === undefined || decision.isAtOdds(read.message, headers)) {
    return refuse(
      r,
      400,
      read.message.id,
      'the headers Mcp-Method and Mcp-Name do not say what the body says',
      -32020
    );
  }
  const decided = decision.decide(read.message, access);
  if (decided === 'pass') {
    pass(r);
  } else if (decided === 'filter') {
    r.variables.gate_checked = '1';
    answerFiltered(r, access, body);
  } else {
    refuse(r, 403, read.message.id, decided);
  }
}

function hasBody(r) {
  try {
    return r.requestBuffer !== undefined && r.requestBuffer.length > 0;
  } catch (error) {
    // One that is in a file.
    return true;
  }
}

/** Method, name and version as the headers have them; undefined when one of them comes twice or in disguise. */
function mirrored(r) {
  const found = { method: undefined, name: undefined, version: undefined };
  const names = { 'mcp-method': 'method', 'mcp-name': 'name', 'mcp-protocol-version': 'version' };
  const all = r.rawHeadersIn;
  for (let i = 0; i < all.length; i++) {
    const key = names[all[i][0].toLowerCase().split('_').join('-')];
    if (key !== undefined) {
      if (found[key] !== undefined || all[i][0].indexOf('_') !== -1) {
        return undefined;
      }
      found[key] = all[i][1];
    }
  }
  return found;
}

/** Sends the call to its server, without another look. */
function pass(r) {
  const args = r.variables.args;
  r.variables.gate_checked = '1';
  r.internalRedirect(r.variables.mcp_target + (args ? '?' + args : ''));
}

/** Asks the upstream for a list and passes on what the caller may use of it. */
function answerFiltered(r, access, body) {
  r.variables.gate_filters = '1';
  const args = r.variables.args;
  r.subrequest(
    r.variables.mcp_target,
    { method: 'POST', args: args ? args : '', body: body },
    (reply) => {
      const type = reply.headersOut['Content-Type'];
      const session = gate.sealedSession(r, reply.headersOut['Mcp-Session-Id']);
      if (session !== '') {
        r.headersOut['Mcp-Session-Id'] = session;
      }
      // Over HTTP+SSE the list itself comes with the stream.
      if (reply.status !== 200) {
        if (type !== undefined) {
          r.headersOut['Content-Type'] = type;
        }
        r.return(reply.status, reply.responseText);
        return;
      }
      let text;
      try {
        if (reply.headersOut['Content-Encoding'] !== undefined) {
          throw new Error('the answer is compressed');
        }
        text = /^text\/event-stream/i.test(type)
          ? filteredEvents(reply.responseText, access)
          : JSON.stringify(decision.filtered(JSON.parse(reply.responseText), access));
      } catch (error) {
        refuse(r, 502, null, 'the list of the server cannot be read');
        return;
      }
      r.headersOut['Content-Type'] = type;
      r.return(reply.status, text);
    }
  );
}

/** Every message of an event stream, filtered. */
function filteredEvents(text, access) {
  return text
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((event) => {
      const data = [];
      const rest = [];
      event.split(/\r\n|\n|\r/).forEach((line) => {
        if (line.startsWith('data:')) {
          data.push(line.slice(line[5] === ' ' ? 6 : 5));
        } else if (line !== '') {
          rest.push(line);
        }
      });
      if (data.join('') !== '') {
        rest.push(
          'data: ' + JSON.stringify(decision.filtered(JSON.parse(data.join('\n')), access))
        );
      } else if (data.length > 0) {
        rest.push('data:');
      }
      return rest.join('\n');
    })
    .filter((event) => event !== '')
    .map((event) => event + '\n\n')
    .join('');
}

/** A JSON-RPC error with the id of the request. */
function refuse(r, status, id, reason, code) {
  const isId = typeof id === 'string' || typeof id === 'number';
  const error = {
    400: 'message-refused',
    403: 'not-permitted',
    413: 'request-too-large',
    415: 'message-refused',
    502: 'list-unreadable',
  }[status];
  r.headersOut['Content-Type'] = 'application/json';
  r.headersOut['X-Gateway-Error'] = error;
  if (status === 403) {
    r.headersOut['WWW-Authenticate'] =
      'Bearer error="insufficient_scope", resource_metadata="' +
      r.variables.resource_metadata +
      '"';
  }
  r.return(
    status,
    JSON.stringify({
      jsonrpc: '2.0',
      id: isId ? id : null,
      error: {
        code: code === undefined ? -32080 : code,
        message: 'Refused: ' + reason + '.',
        data: { error: error, status: status, requestId: r.variables.call_id },
      },
    }) + '\n'
  );
}

/** For `js_content`: has the registry verify a token that has no record, which writes one, and goes on as with any. */
function learn(r) {
  try {
    r.variables.gate_key = fs.readFileSync(r.variables.gate_folder + '/key', 'utf8');
  } catch (error) {
    r.internalRedirect('/.mcp/unverified');
    return;
  }
  const asked = JSON.stringify({ server: r.variables.mcp_path });
  r.subrequest('/.mcp/ask-registry', { method: 'POST', body: asked }, (reply) => {
    if (reply.status === 401 || reply.status === 403) {
      r.internalRedirect('/.mcp/challenge');
    } else if (reply.status !== 204) {
      r.internalRedirect('/.mcp/unverified');
    } else {
      goOn(r, gate.verdict(r));
    }
  });
}

/** Sends a call where its verdict says. */
function goOn(r, said) {
  if (said === 'pass') {
    pass(r);
  } else {
    const known =
      said === 'inspect' || said === 'denied' || said === 'stranger' || said === 'unready';
    r.internalRedirect('/.mcp/' + (known ? said : 'challenge'));
  }
}

export default { inspect, learn };
