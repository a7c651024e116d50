// cache, cache_private: for how long clients may keep what a route answers.
#pragma once

#include <sallyport/detail/literal.hpp>

#include <chrono>
#include <cstdint>
#include <type_traits>

namespace sallyport {

namespace detail {

/// How an answer may be kept, as the route table keeps it and the route report prints it.
struct CacheFacts {
  std::chrono::seconds time{};
  bool is_public = false;  ///< by everybody between the service and the client as well
  friend bool operator==(const CacheFacts&, const CacheFacts&) = default;
};

/// What `cache` and `cache_private` are.
template <bool Public>
class CacheOption : NoBitCast {
 public:
  using is_route_option = void;
  static constexpr bool is_public_cache = Public;
  consteval explicit CacheOption(std::chrono::seconds time) : facts_{time, Public} {
    if (time < std::chrono::seconds(0) || time > std::chrono::hours(24 * 365))
      throw "CACHE-001: an answer is kept for 0 seconds to 365 days: sp::cache{5min}; with 0s it is asked for each "
            "time";
  }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  __attribute__((unavailable("CACHE-001: say for how long, with its unit: sp::cache{5min}"))) explicit CacheOption(
      Number);
  [[nodiscard]] constexpr const CacheFacts& facts() const noexcept { return facts_; }

 private:
  CacheFacts facts_;
};

template <class T>
inline constexpr bool is_cache_option = false;
template <bool Public>
inline constexpr bool is_cache_option<CacheOption<Public>> = true;
template <class T>
inline constexpr bool is_public_cache = false;
template <>
inline constexpr bool is_public_cache<CacheOption<true>> = true;

}  // namespace detail

/// A route option of GET: everybody may keep the answer for this time, caches of proxies and CDNs as well, so it is for routes of `sp::anyone` whose
/// handler does not know who calls (CACHE-002): `app.get("/prices", sp::anyone("the prices"), sp::cache{5min}, prices)`.
///
/// Answers 200 to GET with a body in memory (JSON, pages, text, `Bytes`) get `Cache-Control`, and an ETag made of their bytes, by which a client that has
/// them is answered 304. Not those that set a cookie, nor pages with scripts, whose nonce is good once: they are not kept at all.
using cache = detail::CacheOption<true>;

/// The same for the caller's own browser alone, on a route for whoever: `app.get("/notes", sp::signed_in, sp::cache_private{0s}, notes)`. With `0s` the
/// browser asks each time, and is sent only what has changed.
using cache_private = detail::CacheOption<false>;

}  // namespace sallyport
