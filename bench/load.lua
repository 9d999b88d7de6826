-- wrk script: every request is a new, correctly signed Koji event (interview.completed, about 420 bytes).
--
--   WEBHOOK_SECRET=… wrk -t1 -c64 -d20s --latency -s load.lua http://127.0.0.1:8080/webhooks/koji
--
-- Needs a wrk built with LuaJIT (all common ones are): the HMAC is computed by the OpenSSL library that wrk itself links to, since
-- one in pure Lua would make the generator the bottleneck.
--   LOAD_ID   the run's prefix of interview ids (default: time and process id); two runs with one id send the same events
--   LOAD_OUT  file to which one line of JSON with the result is appended (default: none)

local ffi = require("ffi")
ffi.cdef [[
  const void *EVP_sha256(void);
  unsigned char *HMAC(const void *md, const void *key, int key_len, const unsigned char *d, size_t n, unsigned char *out, unsigned int *out_len);
  int getpid(void);
]]

local function crypto()
  if pcall(function() return ffi.C.HMAC end) then return ffi.C end
  for _, name in ipairs({ "libcrypto.so.3", "libcrypto.so.1.1", "crypto" }) do
    local found, library = pcall(ffi.load, name)
    if found then return library end
  end
  error("load.lua: no OpenSSL libcrypto found; install it (Debian: libssl3).")
end

local lib = crypto()
local sha256 = lib.EVP_sha256()
local digest = ffi.new("unsigned char[32]")
local digest_length = ffi.new("unsigned int[1]")

local hex = {}
for i = 0, 255 do hex[i] = string.format("%02x", i) end
local pairs_of_hex = {}

local function hmac(secret, body)
  lib.HMAC(sha256, secret, #secret, body, #body, digest, digest_length)
  for i = 0, 31 do pairs_of_hex[i + 1] = hex[digest[i]] end
  return table.concat(pairs_of_hex)
end

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local head, tail, secret, count
local headers = { ["Content-Type"] = "application/json" }

function init()
  secret = assert(os.getenv("WEBHOOK_SECRET"), "load.lua: WEBHOOK_SECRET must be set.")
  local run = os.getenv("LOAD_ID") or string.format("%x-%x", os.time(), ffi.C.getpid())
  local now = os.date("!%Y-%m-%dT%H:%M:%SZ")
  count = 0
  head = '{"type":"interview.completed","timestamp":"' .. now .. '","data":{"interview_id":"' .. run .. "-" .. number .. "-"
  tail = '","study_id":"xyz789","study_title":"Post-Trial Feedback","participant":{"name":"Sarah","company":"Acme Corp",'
    .. '"email":"sarah@acme.example","plan":"enterprise"},"quality_score":4,"interaction_mode":"voice","completed_at":"' .. now
    .. '","transcript_url":"https://app.koji.example/studies/xyz789/interviews/abc123"}}'
end

function request()
  count = count + 1
  local body = head .. count .. tail
  headers["X-Koji-Signature"] = "sha256=" .. hmac(secret, body)
  return wrk.format("POST", nil, headers, body)
end

function done(summary, latency)
  local seconds = summary.duration / 1e6
  local errors = summary.errors
  local line = string.format(
    '{"seconds":%.2f,"requests":%d,"per_second":%.0f,"p50_ms":%.2f,"p99_ms":%.2f,"max_ms":%.1f,"status_errors":%d,"socket_errors":%d}\n',
    seconds, summary.requests, summary.requests / seconds, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, errors.status, errors.connect + errors.read + errors.write + errors.timeout)
  io.write(line)
  local path = os.getenv("LOAD_OUT")
  if path then
    local file = assert(io.open(path, "a"))
    file:write(line)
    file:close()
  end
end
