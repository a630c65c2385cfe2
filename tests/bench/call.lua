-- One request, again and again; its method, headers and address come from the command line (wrk.ts).
-- Argument 1: the body. 2: "close" makes a connection for each call. 3: the pause between the calls of a connection in
-- milliseconds, or nothing.

function init(args)
  wrk.method = "POST"
  wrk.body = args[1]
  if args[2] == "close" then
    wrk.headers["Connection"] = "close"
  end
  local pause = tonumber(args[3])
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
