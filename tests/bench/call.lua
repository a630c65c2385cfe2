-- One tools/call of 2026-07-28, again and again. Argument 1: "close" makes a connection for each call,
-- argument 2 the pause between the calls of a connection in milliseconds.

wrk.method = "POST"
wrk.body = [[{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search_documents","arguments":{"query":"how do I renew the certificate of the staging cluster","limit":10,"filters":{"language":"en","space":"operations","archived":false}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"}}}}]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2026-07-28"
wrk.headers["Mcp-Method"] = "tools/call"
wrk.headers["Mcp-Name"] = "search_documents"

function init(args)
  if args[1] == "close" then
    wrk.headers["Connection"] = "close"
  end
  local pause = tonumber(args[2])
  if pause then
    delay = function() return pause end
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50":%d,"p99":%d,"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
