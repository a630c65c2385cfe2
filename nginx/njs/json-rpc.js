// Reads a JSON-RPC message so that every other reader must understand the same by it, or refuses it: what the gate
// allows is what the upstream will do. Decisions need the members of the message and of its params; inside of
// arguments, anything goes.

/** Members that mean something; another spelling of one is taken for it by readers that ignore case (Go's is one). */
function isLookAlike(key, known) {
  // Changing case is dear in njs, and nearly all members are the known ones.
  if (known.indexOf(key) !== -1) {
    return false;
  }
  const lower = key.toLowerCase();
  const upper = key.toUpperCase();
  return known.some((name) => lower === name.toLowerCase() || upper === name.toUpperCase());
}

/** The keys of the outermost object and of its params, and whether njs read a number that is none (`01`, `1.`, `.5`). */
function keysOf(bytes) {
  const keys = { outer: [], inner: [], oddNumber: false };
  // Where an object is open, a key may come; where an array is, none.
  const open = [];
  let mayBeKey = false;
  let owner = '';
  let i = 0;
  while (i < bytes.length) {
    const byte = bytes[i];
    if (byte === 0x22) {
      const start = i;
      i++;
      while (i < bytes.length && bytes[i] !== 0x22) {
        i += bytes[i] === 0x5c ? 2 : 1;
      }
      i++;
      if (mayBeKey && open.length <= 2) {
        const key = JSON.parse(bytes.slice(start, i).toString());
        if (open.length === 1) {
          owner = key;
          keys.outer.push(key);
        } else if (owner === 'params') {
          keys.inner.push(key);
        }
      }
      mayBeKey = false;
      continue;
    }
    if (mayBeginNumber(byte)) {
      const start = i;
      while (i < bytes.length && isOfNumber(bytes[i])) {
        i++;
      }
      keys.oddNumber = keys.oddNumber || !isNumber(bytes.slice(start, i).toString());
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) {
      open.push(byte);
      mayBeKey = byte === 0x7b;
    } else if (byte === 0x7d || byte === 0x5d) {
      open.pop();
      mayBeKey = false;
    } else if (byte === 0x2c) {
      mayBeKey = open[open.length - 1] === 0x7b;
    }
    i++;
  }
  return keys;
}

function mayBeginNumber(byte) {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e;
}

function isOfNumber(byte) {
  return mayBeginNumber(byte) || byte === 0x2b || byte === 0x45 || byte === 0x65;
}

/** RFC 8259, 6. */
function isNumber(text) {
  return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text);
}

function hasTwice(keys) {
  const seen = {};
  return keys.some((key) => {
    const name = '$' + key;
    const twice = seen[name] === 1;
    seen[name] = 1;
    return twice;
  });
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param bytes the body
 * @param text the same as text
 * @returns `{ message }`, or `{ problem }` with the reason for which nobody can be sure of its meaning
 */
function read(bytes, text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch (error) {
    // njs reads 32 levels.
    return {
      problem: /too deep/i.test(error.message)
        ? 'the body is nested deeper than the gate reads'
        : 'the body is not valid JSON',
    };
  }
  if (Array.isArray(message)) {
    return { problem: 'batches are not taken where tools are limited' };
  }
  if (!isObject(message)) {
    return { problem: 'the body is not a JSON-RPC message' };
  }
  const known = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];
  const knownParams = ['name', 'uri', 'arguments', 'ref', 'cursor', 'taskId', '_meta'];
  let outer = Object.keys(message);
  let inner = isObject(message.params) ? Object.keys(message.params) : [];
  // Written again it is the same text only when no key came twice, was escaped or was swallowed, and no number was odd.
  if (JSON.stringify(message) !== text) {
    const keys = keysOf(bytes);
    if (keys.oddNumber) {
      return { problem: 'the body is not valid JSON' };
    }
    if (hasTwice(keys.outer) || hasTwice(keys.inner)) {
      return { problem: 'a member of the message occurs twice' };
    }
    outer = keys.outer;
    inner = keys.inner;
  }
  if (
    outer.some((key) => key === '__proto__' || isLookAlike(key, known)) ||
    inner.some((key) => key === '__proto__' || isLookAlike(key, knownParams))
  ) {
    return { problem: 'a member of the message is spelt in an unusual way' };
  }
  const own = (name) => Object.prototype.hasOwnProperty.call(message, name);
  if (own('method') && typeof message.method !== 'string') {
    return { problem: 'the method is not a string' };
  }
  if (own('params') && !isObject(message.params)) {
    return { problem: 'the params are not an object' };
  }
  return { message: message };
}

export default { read, keysOf };
