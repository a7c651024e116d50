// OrProblem<T>: a value, or what the client is told instead.
#pragma once

#include <sallyport/maybe.hpp>
#include <sallyport/problem.hpp>

#include <utility>

namespace sallyport {

/// What `from` of a parameter of your own answers where it may refuse the request:
///
///     struct Tenant {
///       sp::Id<Tenant> id;
///       static sp::Task<sp::OrProblem<Tenant>> from(sp::Header<"X-Tenant", Slug> name, const sp::Db& db) {
///         const auto found = co_await db.maybe<Tenant>("SELECT id FROM tenants WHERE name = ?", *name);
///         if (!found) co_return sp::Problem(404, "No such tenant");
///         co_return *found;
///       }
///     };
template <class T>
class [[nodiscard]] OrProblem {
 public:
  using value_type = T;
  OrProblem(T value) : value_(std::move(value)) {}                   // NOLINT(google-explicit-constructor)
  OrProblem(const Problem& problem) noexcept : problem_(problem) {}  // NOLINT(google-explicit-constructor)

  /// Whether it is the value.
  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }
  [[nodiscard]] const T& operator*() const& { return *value_; }
  [[nodiscard]] T operator*() && { return *std::move(value_); }
  /// What the client is told where there is no value.
  [[nodiscard]] const Problem& problem() const noexcept { return problem_; }

 private:
  Maybe<T> value_;
  Problem problem_{500, "Internal Server Error"};
};

}  // namespace sallyport
