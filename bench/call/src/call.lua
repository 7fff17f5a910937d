-- The one call that is measured. Its parts come in the environment, so that no secret stands on a command line.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")

-- Each line of BENCH_CALLS is a path and a body; they are taken in turn: grants, each with its own limit of calls a
-- second.
local calls, turn = {}, 0

-- BENCH_SIGNED names a file of signed calls, a line each: path, digest, signature's input, signature, body. Each is sent
-- once; were there too few, the second time would be refused, and the run with it.
function init()
  local signed = os.getenv("BENCH_SIGNED")
  if signed ~= "" then
    for line in io.lines(signed) do
      local path, digest, input, signature, body = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
      wrk.headers["Content-Digest"] = digest
      wrk.headers["Signature-Input"] = input
      wrk.headers["Signature"] = signature
      calls[#calls + 1] = wrk.format(nil, path, nil, body)
    end
    return
  end
  for path, body in os.getenv("BENCH_CALLS"):gmatch("(%S+) ([^\n]+)") do
    calls[#calls + 1] = wrk.format(nil, path, nil, body)
  end
end

function request()
  turn = turn % #calls + 1
  return calls[turn]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'figures {"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), e.status,
    e.connect + e.read + e.write + e.timeout))
end
