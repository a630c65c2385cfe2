// A glance at a message of a caller whose tools are limited. Most are calls as libraries write them, of a tool that the
// caller may use, and go on at once; all others are read (inspection.js), and it is there that they are refused.

/** @param record of the caller; undefined where this machine has not read one */
function glancing(record) {
  /** For `js_content`. */
  return function glance(r) {
    const variables = r.variables;
    // Empty for a message that nginx does not know to be such a call (snippets/plain-call.conf).
    const call = variables.plain_call;
    if (call && record && record.indexOf('\n' + call + '\n') !== -1) {
      // nginx looks at the first header of a name, and takes `_` for `-`; here, one that comes twice has both values.
      const headers = r.headersIn;
      const method = headers['Mcp-Method'];
      const name = headers['Mcp-Name'];
      if (
        (method === undefined
          ? name === undefined
          : method === 'tools/call' && name !== undefined && call.endsWith(' ' + name)) &&
        headers['Mcp_Method'] === undefined &&
        headers['Mcp_Name'] === undefined &&
        headers['Content-Encoding'] === undefined
      ) {
        variables.gate_checked = '1';
        r.internalRedirect(variables.gate_goes);
        return;
      }
    }
    r.internalRedirect(variables.gate_reads);
  };
}

export default glancing;
