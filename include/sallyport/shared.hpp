// shared<T>: a route takes ids of things that others own, and says why.
#pragma once

#include <sallyport/detail/reason.hpp>
#include <sallyport/detail/type_name.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport {

namespace detail {
struct SharedFacts {
  std::string_view type;
  std::string_view why;
};
}  // namespace detail

/// A route option: ids of a `T` may arrive here from callers who do not own it, and the reason for the reviewer of the route report:
/// `app.post("/entries/:id/comments", sp::signed_in, sp::shared<Entry>("readers may comment"), comment)`.
template <class T>
class shared {
 public:
  using is_route_option = void;
  using is_shared_option = T;
  template <std::size_t N>
  consteval explicit shared(const char (&why)[N]) : why_(why, N - 1) {
    check(why_);
  }
  [[nodiscard]] constexpr detail::SharedFacts facts() const noexcept { return {detail::type_name<T>, why_}; }

 private:
  static consteval void check(std::string_view why) {
    if (!detail::is_reason(why)) throw "AUTHZ-012: say in some words why others than the owner may name it here";
  }
  std::string_view why_;
};

namespace detail {
template <class Option>
concept SharedOption = requires { typename Option::is_shared_option; };
template <class Option, class T>
inline constexpr bool shares = false;
template <class T>
inline constexpr bool shares<shared<T>, T> = true;
}  // namespace detail

}  // namespace sallyport
