// Changed: how many rows a statement has changed. None is looked at, or said to be fine.
#pragma once

#include <sallyport/problem.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace sallyport {

class Transaction;

namespace detail {

struct NoRows;

/// A statement has changed no row, and nobody looked at the number: the request ends with 500 where it would say that all went well. Quiet
/// for an INSERT that says itself that a row may be there already (`ON CONFLICT DO NOTHING`, `OR IGNORE`).
void none_changed(std::string_view statement) noexcept;

}  // namespace detail

/// How many rows a statement has changed: a number, which is looked at or answered for.
///
///     co_await db.run("UPDATE wallets SET cents = cents - ? WHERE owner = ? AND cents >= ?", sum, me.id, sum).or_problem(409, "Not enough");
///     co_await db.run("DELETE FROM likes WHERE note = ? AND owner = ?", note, me.id).or_none();   // none is fine as well
///
/// Where no row was changed and nobody looked, the next change of the request is refused, and its answer is 500 where it would say that
/// all went well. Inside a transaction nothing of it happens.
class Changed {
 public:
  Changed(Changed&& other) noexcept : rows_(other.rows_), none_(std::exchange(other.none_, {})) {}
  Changed& operator=(Changed&& other) noexcept {
    std::swap(rows_, other.rows_);
    std::swap(none_, other.none_);
    return *this;
  }
  Changed(const Changed&) = delete;
  Changed& operator=(const Changed&) = delete;
  constexpr ~Changed() {
    if (!none_.empty()) detail::none_changed(none_);
  }

  constexpr operator std::int64_t() const noexcept { return or_none(); }  // NOLINT(google-explicit-constructor)
  /// The number, which may be 0.
  constexpr std::int64_t or_none() const noexcept {
    none_ = {};
    return rows_;
  }
  /// Throws the problem when no row was changed. Thrown inside a transaction, nothing of it has happened.
  std::int64_t or_problem(ProblemStatus status, ProblemText title, ProblemText detail = "") const {
    if (or_none() == 0) throw Problem(status, title, detail);
    return rows_;
  }

 private:
  friend class Transaction;
  friend struct detail::NoRows;
  /// `statement`: what is looked at; empty: a statement of the framework's.
  constexpr Changed(std::int64_t rows, std::string_view statement) noexcept
      : rows_(rows), none_(rows == 0 ? statement : std::string_view()) {}
  std::int64_t rows_;
  mutable std::string_view none_;  // the statement that changed nothing, until somebody looks
};

}  // namespace sallyport
