// Cookie and SealedCookie: a cookie of one's own, read and written.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/enum_names.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/kept_json.hpp>
#include <sallyport/detail/request_fields.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/maybe.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// The third argument of a `Cookie` that scripts of the service's pages read: it is then sent without `HttpOnly`.
struct read_by_scripts {};

namespace detail {

// --- Names

enum class CookieNameFault : unsigned char { none, characters, own };

consteval CookieNameFault cookie_name_fault(std::string_view name) {
  if (name.empty() || name.size() > 40) return CookieNameFault::characters;
  for (const char c : name) {
    const bool word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!word) return CookieNameFault::characters;
  }
  if (name.starts_with('_') || name.starts_with('-')) return CookieNameFault::characters;
  for (const std::string_view own : {"session", "device", "visitor", "flash", "sid", "sessionid", "session_id",
                                     "connect-sid", "phpsessid", "jsessionid"}) {
    if (equal_ignoring_case(name, own)) return CookieNameFault::own;
  }
  return CookieNameFault::none;
}
template <FixedString Name>
consteval bool check_cookie_name() {
  static_assert(
      cookie_name_fault(Name.view()) != CookieNameFault::characters,
      "COOKIE-001: the name of a cookie is letters, digits, '-' and '_', 40 at most, and begins with a letter "
      "or a digit; the prefix __Host- is written for you");
  static_assert(
      cookie_name_fault(Name.view()) != CookieNameFault::own,
      "COOKIE-002: sessions are the library's: who calls is sp::SignedIn, data of a session sp::Session<T>, a "
      "message for the next page sp::Flash");
  return true;
}

/// `__Host-`: over TLS only, for this host alone and every path, so that no sibling domain can plant one. `Http-`: nor can a script.
template <FixedString Name, bool ByScripts>
struct CookieName {
  static constexpr std::string_view prefix = ByScripts ? "__Host-" : "__Host-Http-";
  static constexpr auto text = [] {
    std::array<char, prefix.size() + Name.size> joined{};
    for (std::size_t i = 0; i < prefix.size(); ++i) joined[i] = prefix[i];
    for (std::size_t i = 0; i < Name.size; ++i) joined[prefix.size() + i] = Name.text[i];
    return joined;
  }();
  static constexpr std::string_view full{text.data(), text.size()};
};

// --- Compiled once (src/route/cookies.cpp)

struct CookieLook {
  std::string_view name;
  bool by_scripts = false;
};
/// Reads the cookie into the slot of a `Maybe`. False: it is malformed, and the answer is 400.
bool read_cookie(Exchange& exchange, std::string_view name, std::string_view shown, const TypeInfo& type, void* out);
/// Writes it into the answer; once more replaces it. `lasts` zero: until the browser closes.
void write_cookie(HeldRequest request, CookieLook look, std::string_view value, std::chrono::seconds lasts);
void clear_cookie(HeldRequest request, CookieLook look);
/// What was sealed under this name, for this service, and has not expired; else nothing.
Maybe<std::string> open_cookie(Exchange& exchange, std::string_view name);
void seal_cookie(HeldRequest request, std::string_view name, std::string_view text, std::chrono::seconds lasts);

template <class T>
std::string cookie_text(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(enum_name(value));
  } else if constexpr (requires { value.text(); }) {
    return std::string(value.text());
  } else if constexpr (ShowsText<T>) {
    return std::string(value.view());
  } else {
    std::string out;
    append_json(out, value);
    return out;
  }
}

}  // namespace detail

/// A cookie of your own: `Cookie<"theme", Theme>`. What the browser sent, if it did, and the way to set another. Anybody can write what a
/// cookie says: what it must not change goes into a `SealedCookie`, what concerns one visitor into a `Session<T>`.
///
///     sp::NoContent choose(sp::Body<Choice> in, sp::Cookie<"theme", Theme> theme) {
///       theme.set(in->theme, std::chrono::days(365));
///       return {};
///     }
///
/// It is sent as `__Host-Http-theme` with `Secure; HttpOnly; SameSite=Lax`; `Cookie<"theme", Theme, sp::read_by_scripts>` as
/// `__Host-theme` without `HttpOnly`. A value that is no `T` is answered 400, with the cookie's name, and the browser told to drop it. An
/// error answer sets no cookie.
template <detail::FixedString Name, class T, class... Readers>
class Cookie final {
  static_assert(detail::check_cookie_name<Name>());
  static_assert(sizeof...(Readers) == 0 || (std::same_as<read_by_scripts, Readers> && ...),
                "COOKIE-003: behind name and type of a cookie stands sp::read_by_scripts, or nothing");
  static_assert(detail::reads_one_value<T> && !detail::is_maybe<T>,
                "COOKIE-003: a cookie is one value: sp::Line, sp::Int, bool, an enum class or sp::Id<T>; it may always "
                "be absent. A struct goes into sp::SealedCookie<\"name\", T> or sp::Session<T>");

 public:
  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  [[nodiscard]] T value_or(T otherwise) const { return value_.value_or(std::move(otherwise)); }

  /// The browser keeps it for `lasts`, 400 days at most; without, until it closes. 1 KiB at most: longer ones throw `std::length_error`.
  void set(const T& value, std::chrono::seconds lasts = std::chrono::seconds(0)) {
    detail::write_cookie(request_, look, detail::cookie_text(value), lasts);
    value_ = value;
  }
  /// The browser drops it.
  void clear() {
    detail::clear_cookie(request_, look);
    value_ = std::nullopt;
  }

 private:
  friend struct detail::Admit;
  static constexpr bool by_scripts = sizeof...(Readers) != 0;
  static constexpr detail::CookieLook look{detail::CookieName<Name, by_scripts>::full, by_scripts};
  Cookie(detail::TaskContext& request, Maybe<T> value) : request_(request), value_(std::move(value)) {}
  detail::HeldRequest request_;
  Maybe<T> value_;
};

/// A cookie that only this service can make and read: encrypted, and bound to its name, this service and an end. A struct of your own, of
/// 2 KiB as JSON at most. What was made under another name, key or service, or changed, is no cookie, and a line in the log
/// (`input_validation_fail`). The browser may keep an old one and send it again until it ends: what is spent once (a coupon) is kept in the
/// database.
template <detail::FixedString Name, class T>
class SealedCookie final {
  static_assert(detail::check_cookie_name<Name>());
  static_assert(detail::check_kept<T>());

 public:
  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  [[nodiscard]] T value_or(T otherwise) const { return value_.value_or(std::move(otherwise)); }

  /// It holds for `lasts`, 400 days at most. Longer than 2 KiB throws `std::length_error`.
  void set(T value, std::chrono::seconds lasts = std::chrono::days(1)) {
    std::string text;
    detail::write_kept(text, value);
    detail::seal_cookie(request_, full, text, lasts);
    value_ = std::move(value);
  }
  /// The browser drops it.
  void clear() {
    detail::clear_cookie(request_, {full, false});
    value_ = std::nullopt;
  }

 private:
  friend struct detail::Admit;
  static constexpr std::string_view full = detail::CookieName<Name, false>::full;
  SealedCookie(detail::TaskContext& request, Maybe<T> value) : request_(request), value_(std::move(value)) {}
  detail::HeldRequest request_;
  Maybe<T> value_;
};

namespace detail {

template <FixedString Name, class T, class... Readers>
struct Argument<Cookie<Name, T, Readers...>> : ArgumentDefaults {
  static constexpr bool may_judge = false;  // anybody writes what it says
  static constexpr bool sets_cookies = true;
  static_assert(
      !looks_secret<T>(Name.view()),
      "SEC-009: a cookie that is called like a secret would hold it in clear: sp::SealedCookie, sp::Session<T> "
      "or sp::SignedIn");
  static_assert(!HoldsSecret<T>,
                "KEEP-002: a secret is not kept in a cookie: passwords and codes are verified and forgotten");
  using Slot = typename Schema<Maybe<T>>::Slot;
  static void describe(HandlerFacts& facts) { facts.add_field("cookie", Name.view(), Schema<T>::info); }
  static bool fill(Exchange& exchange, Slot& slot) {
    return read_cookie(exchange, CookieName<Name, sizeof...(Readers) != 0>::full, Name.view(), Schema<Maybe<T>>::info,
                       &slot);
  }
  static Cookie<Name, T, Readers...> pass(Exchange& exchange, Slot& slot) {
    return Admit::make<Cookie<Name, T, Readers...>>(request_of(exchange), slot.take());
  }
};

template <FixedString Name, class T>
struct Argument<SealedCookie<Name, T>> : ArgumentDefaults {
  static constexpr bool sets_cookies = true;
  static constexpr bool tells_callers_apart = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.add_field("sealed cookie", Name.view(), Schema<T>::info); }
  static bool fill(Exchange&, Slot&) { return true; }
  static SealedCookie<Name, T> pass(Exchange& exchange, Slot&) {
    Maybe<std::string> text = open_cookie(exchange, CookieName<Name, false>::full);
    Maybe<T> value;
    if (text) value = read_kept<T>(*std::move(text));
    return Admit::make<SealedCookie<Name, T>>(request_of(exchange), std::move(value));
  }
};

}  // namespace detail

}  // namespace sallyport
