// What a caller may use: the same decisions as in registry/access/policy.ts, tested with the same table.
// njs 0.7 runs the top level of every module anew for each request: there is nothing here but functions.

/** Whether `text` is what the pattern describes: `*` stands for any text, all else for itself. */
function matches(pattern, text) {
  if (pattern === '*' || pattern === text) {
    return true;
  }
  const parts = pattern.split('*');
  if (parts.length === 1) {
    return false;
  }
  const head = parts[0];
  const tail = parts[parts.length - 1];
  const end = text.length - tail.length;
  if (head.length > end || !text.startsWith(head) || !text.endsWith(tail)) {
    return false;
  }
  let at = head.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const found = text.indexOf(parts[i], at);
    if (found === -1) {
      return false;
    }
    at = found + parts[i].length;
  }
  return at <= end;
}

function matchesAny(patterns, text) {
  return patterns.some((pattern) => matches(pattern, text));
}

/**
 * What the rules of a gate record allow on a server.
 * Returns undefined for nothing, `{ all: true }`, or `{ tools, deny, beyondTools }`: who has all tools but some has what is
 * no tool as well, and who has a list of tools has that list.
 */
function accessTo(server, rules) {
  let tools = [];
  let deny = [];
  for (let i = 0; i < rules.length; i++) {
    if (matchesAny(rules[i].servers, server)) {
      tools = tools.concat(rules[i].tools);
      deny = deny.concat(rules[i].deny);
    }
  }
  if (tools.length === 0) {
    return undefined;
  }
  const hasAll = tools.indexOf('*') !== -1;
  return hasAll && deny.length === 0
    ? { all: true }
    : { tools: tools, deny: deny, beyondTools: hasAll && deny.indexOf('*') === -1 };
}

/** The same from a gate record; undefined also without rules. */
function accessOf(text, server) {
  const end = text.lastIndexOf('\n');
  return end === -1 ? undefined : accessTo(server, JSON.parse(text.slice(end + 1)).rules);
}

function mayCall(access, tool) {
  if (access === undefined || access.all) {
    return access !== undefined;
  }
  return matchesAny(access.tools, tool) && !matchesAny(access.deny, tool);
}

/** Whether what is no tool may be used: prompts, resources, completion, tasks and all else that a server has. */
function mayUseBeyondTools(access) {
  return access !== undefined && (access.all === true || access.beyondTools);
}

export default { matches, accessTo, accessOf, mayCall, mayUseBeyondTools };
