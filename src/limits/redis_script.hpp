// The script that decides in Redis: one script, so that reading and counting are one atomic operation.
#pragma once

#include <string_view>

namespace sallyport::limits {

/// KEYS: one per charge. ARGV: `charge`, `give_back` or `forget`; the time, or nothing for Redis' own (the clocks of machines
/// differ); for `give_back` the time of the charge; then per charge its counting (its number), limit, period and cost. Times are
/// whole microseconds: a Lua number has 53 bits, and nanoseconds since 1970 don't fit. `charge` answers whether all were
/// admitted, the time, and per charge: admitted, remaining, until a retry, until the reset.
///
/// The rules are those of limit_table.hpp and attempt_window.hpp. A steady rate is kept as the time when all of it is back, a
/// window as `used began shut_until level level_until`. Times to come are cut to what they can be, so that a clock that was
/// set back refuses no client for longer than the rule does. A value that can't be read counts as none. A key expires when
/// it has no meaning any more. (Numbers given to redis.call keep 17 digits; with `..` they would keep 14.)
inline constexpr std::string_view redis_limits_script = R"lua(
local what, now, counted_at = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if what == 'forget' then return redis.call('DEL', unpack(KEYS)) end
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local hour, day = 3600000000, 86400000000

local function steady(value, limit, period, cost)
  local interval = math.ceil(period / limit)
  local burst = interval * limit
  local owed = math.min(math.max((tonumber(value) or 0) - now, 0), burst)
  local after = owed + interval * cost
  if what == 'give_back' then
    after = math.max(owed - math.max(interval * cost - math.max(now - counted_at, 0), 0), 0)
  end
  return {
    fits = after <= burst, retry = after - burst,
    left = math.floor((burst - owed) / interval), reset = owed,
    left_after = math.floor((burst - after) / interval), reset_after = after,
    value = now + after, ttl = after
  }
end

local function rest(used, window_end, shut)
  return used > 0 and math.max(window_end, shut) - now or 0
end

local function window(value, limit, period, cost, failures)
  local used, began, shut, level, known = string.match(value, '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  used, level = tonumber(used) or 0, tonumber(level) or 0
  began = math.min(tonumber(began) or 0, now)
  shut = math.min(tonumber(shut) or 0, now + math.max(period, hour))
  known = math.min(tonumber(known) or 0, now + day)

  if what == 'charge' and math.max(began + period, shut) <= now then  -- at rest
    if failures and used >= limit then
      level, known = level + 1, math.max(began + period, shut) + day
    end
    used, shut = 0, 0
  end
  local wait, left = rest(used, began + period, shut), math.max(limit - used, 0)

  if what == 'charge' then
    if used == 0 then began = now end
    used = used + cost
    if failures and used >= limit then
      if known <= now then level = 0 end
      shut = now + math.min(period * 2 ^ level, math.max(period, hour))
    end
  elseif counted_at >= began then
    used, shut = math.max(used - cost, 0), 0
  end

  local wait_after = rest(used, began + period, shut)
  local ttl = wait_after
  if failures and used >= limit then ttl = ttl + day end
  if level > 0 then ttl = math.max(ttl, known - now) end
  return {
    fits = used <= limit, retry = wait,
    left = left, reset = wait,
    left_after = limit - used, reset_after = wait_after,
    value = string.format('%.0f %.0f %.0f %.0f %.0f', used, began, shut, level, known), ttl = ttl
  }
end

local values = redis.call('MGET', unpack(KEYS))
local states, all = {}, true
for i = 1, #KEYS do
  local kind, limit = ARGV[4 * i], tonumber(ARGV[4 * i + 1])
  local period, cost = tonumber(ARGV[4 * i + 2]), tonumber(ARGV[4 * i + 3])
  local state
  if limit == 0 then
    state = {fits = false, left = 0, reset = 0, ttl = 0}
  elseif kind == '0' then
    state = steady(values[i] or '', limit, period, cost)
  else
    state = window(values[i] or '', limit, period, cost, kind == '2')
  end
  if cost > limit then state.retry = period end
  states[i], all = state, all and state.fits
end

if all or what == 'give_back' then
  for i = 1, #KEYS do
    if states[i].ttl > 0 then
      redis.call('SET', KEYS[i], states[i].value, 'PX', math.ceil(states[i].ttl / 1000))
    else
      redis.call('DEL', KEYS[i])
    end
  end
end

local answer = {all and 1 or 0, now}
for i, state in ipairs(states) do
  answer[4 * i - 1] = state.fits and 1 or 0
  answer[4 * i] = all and state.left_after or state.left
  answer[4 * i + 1] = state.fits and 0 or state.retry
  answer[4 * i + 2] = all and state.reset_after or state.reset
end
return answer
)lua";

}  // namespace sallyport::limits
