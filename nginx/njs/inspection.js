// What needs more than a look at the token: messages that the gate has to read, because the caller may use only some of the
// tools or because calls of a tool are counted, and tokens that the registry has to verify.

import fs from 'fs';
import decision from './decision.js';
import gate from './gate.js';
import jsonRpc from './json-rpc.js';
import policy from './policy.js';

/** What the caller may use of the server that is called. The gate has looked at the token before. */
function accessHere(r) {
  if (r.variables.mcp_guarded !== '1' || r.variables.gate_verdict === 'pass') {
    return { all: true };
  }
  const record = gate.more.recordOf(r);
  return record ? policy.accessOf(record, r.variables.mcp_path) : undefined;
}

/** For `js_content`: reads a message, and passes it on or refuses it. */
function inspect(r) {
  const access = accessHere(r);
  if (access === undefined) {
    return r.internalRedirect('/.mcp/denied');
  }
  const counts = r.variables.mcp_limited === 'tools';
  // Some servers take another method from a header or the query (`X-HTTP-Method-Override`): then a body is a call.
  if ((!access.all || counts) && r.method !== 'POST' && hasBody(r)) {
    return refuse(r, 400, null, 'a body comes with POST alone');
  }
  if (r.method === 'DELETE' || (access.all && (!counts || r.method !== 'POST'))) {
    return pass(r);
  }
  // A stream may bring lists: those of HTTP+SSE, and what is repeated after a stream broke.
  if (r.method !== 'POST') {
    return passFiltered(r);
  }
  if (r.headersIn['Content-Encoding'] !== undefined) {
    return refuse(r, 415, null, 'compressed bodies are not taken where tools are limited');
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
    return refuse(r, 413, null, 'the body is larger than the gate reads where tools are limited');
  }
  const read = jsonRpc.read(
    bytes === undefined ? Buffer.from('') : bytes,
    body === undefined ? '' : body
  );
  if (read.problem !== undefined) {
    return refuse(r, 400, null, read.problem);
  }
  const headers = mirrored(r);
  if (
    headers === undefined ||
    decision.isAtOdds(read.message, headers, !r.variables.mcp_message_path)
  ) {
    return refuse(
      r,
      400,
      read.message.id,
      'the headers Mcp-Method and Mcp-Name do not say what the body says',
      -32020
    );
  }
  if (counts) {
    r.variables.called_tool = calledTool(read.message);
  }
  const decided = access.all ? 'pass' : decision.decide(read.message, access);
  if (decided === 'filter' && !r.variables.mcp_message_path) {
    passFiltered(r);
  } else if (decided === 'pass' || decided === 'filter') {
    // Over HTTP+SSE the list itself comes with the stream.
    pass(r);
  } else {
    refuse(r, 403, read.message.id, decided);
  }
}

/** No tool with a longer name has a limit. */
const MAX_NAME_BYTES = 256;

/** The tool that is called, in hex: maps of nginx take `Echo` for `echo`. Empty when none is. */
function calledTool(message) {
  const name =
    message.method === 'tools/call' && message.params !== undefined ? message.params.name : '';
  if (typeof name !== 'string') {
    return '';
  }
  const bytes = Buffer.from(name);
  return bytes.length > MAX_NAME_BYTES ? '' : bytes.toString('hex');
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
    const name = all[i][0];
    if (name[0] !== 'M' && name[0] !== 'm') {
      continue;
    }
    const key = names[name.toLowerCase().split('_').join('-')];
    if (key !== undefined) {
      if (found[key] !== undefined || name.indexOf('_') !== -1) {
        return undefined;
      }
      found[key] = all[i][1];
    }
  }
  return found;
}

/** Sends the call to its server, without another look. */
function pass(r) {
  send(r, r.variables.mcp_target);
}

/** The same where the answer is for the gate to read (filter.js). */
function passFiltered(r) {
  send(r, r.variables.mcp_filtered);
}

function send(r, target) {
  const args = r.variables.args;
  r.variables.gate_checked = '1';
  r.internalRedirect(target + (args ? '?' + args : ''));
}

/** A JSON-RPC error with the id of the request. */
function refuse(r, status, id, reason, code) {
  const isId = typeof id === 'string' || typeof id === 'number';
  const error = {
    400: 'message-refused',
    403: 'not-permitted',
    413: 'request-too-large',
    415: 'message-refused',
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
      goOn(r, verdictOfLearned(r));
    }
  });
}

/** What the record says that the registry has just written. */
function verdictOfLearned(r) {
  const head = gate.head(r);
  r.variables.gate_learned = head;
  const verdict = r.variables.gate_verdict;
  const isKnown = verdict === 'pass' || verdict === 'inspect' || verdict === 'denied';
  return isKnown && gate.more.isStranger(r, head) ? 'stranger' : verdict;
}

/** Sends a call where its verdict says. */
function goOn(r, said) {
  if (r.variables.mcp_limited && (said === 'pass' || said === 'inspect')) {
    // A request is held against one limit only, and this one was against that of unknown tokens. So that a caller with a
    // new token for each call does not get around the server's, it becomes a request of its own.
    r.internalRedirect('/.retired');
  } else if (said === 'pass') {
    pass(r);
  } else {
    const known =
      said === 'inspect' || said === 'denied' || said === 'stranger' || said === 'unready';
    r.internalRedirect('/.mcp/' + (known ? said : 'challenge'));
  }
}

export default { inspect, learn };
