// How many connections nginx has, workers that only finish their streams included; registry/gateway/nginx/connections.ts asks.

import crypto from 'crypto';
import fs from 'fs';

/** For `js_content`. To everybody else the address is one that is not ours. */
function tell(r) {
  if (!isRegistry(r)) {
    r.return(421);
    return;
  }
  const counts = {};
  ['reading', 'writing', 'waiting'].forEach((state) => {
    const count = r.variables['connections_' + state];
    // An nginx that was built without the module does not know.
    if (count !== undefined) {
      counts[state] = Number(count);
    }
  });
  r.headersOut['Content-Type'] = 'application/json';
  r.return(200, JSON.stringify(counts) + '\n');
}

function isRegistry(r) {
  let key;
  try {
    key = fs.readFileSync(r.variables.gate_folder + '/key', 'utf8');
  } catch (error) {
    return false;
  }
  const expected = crypto.createHmac('sha256', key).update('connections').digest('hex');
  // How long hashes take to compare tells nothing of what they were made of.
  return hashOf(r.headersIn['X-Connections-Key'] || '') === hashOf(expected);
}

function hashOf(text) {
  return crypto.createHash('sha256').update(text).digest('hex');
}

export default { tell };
