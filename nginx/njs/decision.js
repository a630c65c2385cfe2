// May a caller with limited tools send this message? Method and name come from the body alone.

import policy from './policy.js';

/** Methods that say nothing of what a server holds and change nothing there. */
function isHarmless(method) {
  return (
    method === 'initialize' ||
    method === 'ping' ||
    method === 'server/discover' ||
    method === 'logging/setLevel' ||
    method.startsWith('notifications/')
  );
}

/** Lists are answered with what may be used of them; of these that is nothing. */
function isListBeyondTools(method) {
  return (
    method === 'prompts/list' ||
    method === 'resources/list' ||
    method === 'resources/templates/list'
  );
}

/**
 * @param message as read by json-rpc.js
 * @param access `{ tools, deny, beyondTools }` of policy.js
 * @returns 'pass', 'filter' (pass, and filter the answer), or the reason of a refusal
 */
function decide(message, access) {
  const method = message.method;
  // The answer of a client to a question of the server.
  if (method === undefined || isHarmless(method)) {
    return 'pass';
  }
  if (method === 'tools/list') {
    return 'filter';
  }
  if (method === 'tools/call') {
    const name = message.params === undefined ? undefined : message.params.name;
    if (typeof name !== 'string') {
      return 'the call names no tool';
    }
    return policy.mayCall(access, name)
      ? 'pass'
      : 'this token may not call the tool ' + JSON.stringify(name);
  }
  // It is no method, but who knows what a server makes of it.
  if (method.trim().toLowerCase() === 'tools/call') {
    return 'the method ' + JSON.stringify(method) + ' is another spelling of "tools/call"';
  }
  if (policy.mayUseBeyondTools(access)) {
    return 'pass';
  }
  if (isListBeyondTools(method)) {
    return 'filter';
  }
  if (method === 'subscriptions/listen' && namesNoResource(message.params)) {
    return 'pass';
  }
  return (
    'this token may only use tools of this server, and ' +
    JSON.stringify(method) +
    ' is something else'
  );
}

function namesNoResource(params) {
  const text = JSON.stringify(params === undefined ? {} : params);
  return text.toLowerCase().indexOf('resource') === -1;
}

/** What a mirrored header has to say for this message (2026-07-28); undefined where there is nothing to name. */
function nameOf(message) {
  const params = message.params === undefined ? {} : message.params;
  if (message.method === 'resources/read') {
    return params.uri;
  }
  return message.method === 'tools/call' || message.method === 'prompts/get'
    ? params.name
    : undefined;
}

/** `=?base64?...?=` stands for what a header cannot hold. */
function decoded(value) {
  const sealed = /^=\?base64\?([A-Za-z0-9+/=]*)\?=$/.exec(value);
  return sealed === null ? value : Buffer.from(sealed[1], 'base64').toString();
}

/**
 * Whether the headers name something else than the body.
 * @param headers `{ method, name, version }`, each undefined when absent
 * @param isMirrored whether messages of 2026-07-28 must have them here: over HTTP+SSE they have none
 */
function isAtOdds(message, headers, isMirrored) {
  const meta = message.params === undefined ? undefined : message.params._meta;
  const claimed =
    typeof meta === 'object' && meta !== null
      ? meta['io.modelcontextprotocol/protocolVersion']
      : undefined;
  const isNeeded =
    isMirrored &&
    ((typeof headers.version === 'string' && headers.version >= '2026-07-28') ||
      (typeof claimed === 'string' && claimed >= '2026-07-28'));
  if (message.method === undefined) {
    return headers.method !== undefined;
  }
  if (headers.method === undefined ? isNeeded : headers.method !== message.method) {
    return true;
  }
  const name = nameOf(message);
  if (headers.name === undefined) {
    return isNeeded && name !== undefined;
  }
  return name !== undefined && decoded(headers.name) !== name;
}

/** Takes out of a list's result what the caller may not use; other messages stay as they are. */
function filtered(message, access) {
  if (Array.isArray(message)) {
    return message.map((each) => filtered(each, access));
  }
  const result = typeof message === 'object' && message !== null ? message.result : undefined;
  if (typeof result !== 'object' || result === null) {
    return message;
  }
  let isOfList = false;
  if (Array.isArray(result.tools)) {
    isOfList = true;
    result.tools = result.tools.filter(
      (tool) =>
        tool !== null &&
        typeof tool === 'object' &&
        typeof tool.name === 'string' &&
        policy.mayCall(access, tool.name)
    );
  }
  ['prompts', 'resources', 'resourceTemplates'].forEach((name) => {
    if (Array.isArray(result[name]) && !policy.mayUseBeyondTools(access)) {
      isOfList = true;
      result[name] = [];
    }
  });
  // What one caller was given is nobody else's (2026-07-28, caching).
  if (isOfList && result.cacheScope !== undefined) {
    result.cacheScope = 'private';
  }
  return message;
}

export default { decide, isAtOdds, filtered };
