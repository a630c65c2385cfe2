-- As call.lua, each call with an id of its own: the calls of a session are told apart by it.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "call.lua")

local prepare = init
local before, after
local count = 0

function init(args)
  prepare(args)
  before, after = args[1]:match('^(.*"id":)%d+(.*)$')
end

function request()
  count = count + 1
  return wrk.format(nil, nil, nil, before .. count .. after)
end
