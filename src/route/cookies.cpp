// Cookies of the application's own, in clear and sealed, and the message for the next page.
#include <sallyport/cookie.hpp>
#include <sallyport/flash.hpp>

#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "http/cookie.hpp"
#include "route/call.hpp"
#include "route/request_inputs.hpp"
#include "route/service.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace sallyport::detail {

namespace {

using std::chrono::seconds;

// RFC 6265bis 5.5: what browsers keep at most.
constexpr seconds longest_life = std::chrono::days(400);
constexpr std::size_t most_plain = 1024;   // bytes, as they are sent
constexpr std::size_t most_sealed = 2048;  // bytes of JSON: sealed below the 4096 bytes that browsers take

Exchange& exchange_of(HeldRequest request) { return static_cast<Exchange&>(request.get()); }

// Replaces what this answer has said of the cookie before.
void put_cookie(Exchange& exchange, CookieLook look, std::string_view value, std::optional<seconds> lasts) {
  if (exchange.position.answer_known)
    misused("a cookie was set when the head of the answer had gone: set it before the first piece of a stream");
  if (exchange.cors.any) misused("a cookie was set on a route that every origin may read (cors_any)");
  std::string field(look.name);
  field += '=';
  std::erase_if(exchange.answer.cookies, [&](const std::string& each) { return each.starts_with(field); });
  field.append(value).append("; Path=/; Secure");
  if (!look.by_scripts) field.append("; HttpOnly");
  field.append("; SameSite=Lax");
  if (lasts) field.append("; Max-Age=").append(std::to_string(lasts->count()));
  exchange.answer.cookies.push_back(std::move(field));
}

bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string escaped(std::string_view value) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    if (is_plain(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return out;
}

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// As scripts write it with encodeURIComponent, which leaves some more characters as they are.
std::optional<std::string> unescaped(std::string_view value) {
  if (value.size() > most_plain) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out += value[i];
      continue;
    }
    if (i + 2 >= value.size()) return std::nullopt;
    const int high = digit_of(value[i + 1]);
    const int low = digit_of(value[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::int64_t now_of(const Exchange& exchange) {
  return std::chrono::floor<seconds>(exchange.loop.clock.wall()).time_since_epoch().count();
}

// What it is bound to besides the key: no text of the one can be the beginning of another's, since a name has no line feed.
std::string place_of(const Exchange& exchange, std::string_view name) {
  return std::string(name) + '\n' + exchange.rules.origin;
}

constexpr std::size_t end_digits = 16;

std::string with_end(std::int64_t end, std::string_view text) {
  std::string digits = std::to_string(end);
  digits.insert(0, end_digits - std::min(end_digits, digits.size()), '0');
  return digits.append(text);
}

}  // namespace

bool read_cookie(Exchange& exchange, std::string_view name, std::string_view shown, const TypeInfo& type, void* out) {
  const std::string_view raw = http::cookie_value(exchange.cookies(), name);
  if (raw.empty()) return true;  // absent, or dropped
  const std::optional<std::string> text = unescaped(raw);
  const InputError error = text ? read_named(*text, type, out) : InputError::malformed;
  if (error == InputError::none) return true;
  static_cast<void>(refuse_named(exchange, "cookie", shown, error));
  // The browser would send it for ever. Whether scripts read it makes no difference to its end.
  put_cookie(exchange, {name, false}, {}, seconds(0));
  return false;
}

void write_cookie(HeldRequest request, CookieLook look, std::string_view value, seconds lasts) {
  const std::string text = escaped(value);
  if (text.size() > most_plain)
    throw std::length_error("a cookie has 1 KiB at most: keep what is larger in sp::Session<T>");
  std::optional<seconds> age;
  if (lasts > seconds(0)) age = std::min(lasts, longest_life);
  put_cookie(exchange_of(request), look, text, age);
}

void clear_cookie(HeldRequest request, CookieLook look) { put_cookie(exchange_of(request), look, {}, seconds(0)); }

Maybe<std::string> open_cookie(Exchange& exchange, std::string_view name) {
  const std::string_view raw = http::cookie_value(exchange.cookies(), name);
  const auto& sealer = route::call_of(exchange).service.sealer;
  if (raw.empty() || !sealer) return std::nullopt;
  std::optional<std::string> text = sealer->open(raw, place_of(exchange, name));
  if (!text || text->size() < end_digits) {
    gate::security_event(exchange, "input_validation_fail", "a sealed cookie that was not made here, or was changed",
                         ops::Severity::warning);
    return std::nullopt;
  }
  std::int64_t end = 0;
  for (std::size_t i = 0; i < end_digits; ++i) end = end * 10 + ((*text)[i] - '0');
  if (end <= now_of(exchange)) return std::nullopt;
  text->erase(0, end_digits);
  return *std::move(text);
}

void seal_cookie(HeldRequest request, std::string_view name, std::string_view text, seconds lasts) {
  if (text.size() > most_sealed)
    throw std::length_error("a sealed cookie has 2 KiB at most: keep what is larger in sp::Session<T>");
  Exchange& exchange = exchange_of(request);
  const auto& sealer = route::call_of(exchange).service.sealer;
  if (!sealer) throw std::logic_error("sealed cookies need the master key");
  const seconds age = std::clamp(lasts, seconds(1), longest_life);
  put_cookie(exchange, {name, false},
             sealer->seal(with_end(now_of(exchange) + age.count(), text), place_of(exchange, name)), age);
}

// --- Flash

namespace {
constexpr std::string_view flash_name = "__Host-Http-flash";
constexpr std::size_t longest_flash = 500;
}  // namespace

void set_flash(Exchange& exchange, std::string_view message) {
  if (message.size() > longest_flash) throw std::length_error("a flash message has 500 bytes at most");
  seal_cookie(HeldRequest(exchange), flash_name, message, std::chrono::minutes(10));
}

std::string take_flash(Exchange& exchange) {
  if (http::cookie_value(exchange.cookies(), flash_name).empty()) return {};
  put_cookie(exchange, {flash_name, false}, {}, seconds(0));
  return open_cookie(exchange, flash_name).value_or({});
}

}  // namespace sallyport::detail
