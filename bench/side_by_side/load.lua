-- Requests for wrk, made of a template; what came of them goes to standard output as one line of JSON.
-- Arguments: the file of the template, the file of the keys (one a line), the digits of an id.

local keys, parts, number = {}, {}, 0
local id_format

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  local rest = read(args[1])
  for key in io.lines(args[2]) do keys[#keys + 1] = key end
  id_format = "%0" .. args[3] .. "d"
  while true do
    local before, name, after = rest:match("^(.-)@(%u+)@(.*)$")
    if not before then break end
    parts[#parts + 1] = before
    parts[#parts + 1] = name
    rest = after
  end
  parts[#parts + 1] = rest
end

function request()
  number = number + 1
  local filled = {}
  for index = 1, #parts do
    local part = parts[index]
    if index % 2 == 1 then
      filled[index] = part
    elseif part == "KEY" then
      filled[index] = keys[number % #keys + 1]
    elseif part == "SIDE" then
      filled[index] = number % 2 == 1 and '"sell"' or '"buy" '
    else
      filled[index] = string.format(id_format, number)
    end
  end
  return table.concat(filled)
end

function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\n{"requests": %d, "failed": %d, "seconds": %.6f, "p50_ms": %.4f, "p99_ms": %.4f}\n',
    summary.requests, failed, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
