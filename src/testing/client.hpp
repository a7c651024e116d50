// What a client of a test keeps, and the request that is made of it.
#pragma once

#include <sallyport/testing.hpp>

#include "base/ip_range.hpp"
#include "testing/core.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sallyport::test {

struct Client::State {
  std::weak_ptr<detail::Core> core;
  base::IpAddress address;
  std::string who;
  Pairs cookies;
  Pairs fields;  ///< that every request has

  /// Throws `Failure` where the service is gone.
  [[nodiscard]] std::shared_ptr<detail::Core> service() const;
  [[nodiscard]] std::string head_of(const Request& request, const std::string& origin, const std::string& cookie) const;
  [[nodiscard]] std::string cookie_field() const;
  void keep_cookies(const Pairs& fields);
};

namespace detail {

/// The head of an answer and what it was asked for, with the lines that the log got from byte `logged_from` on.
[[nodiscard]] Answer made_answer(Core& core, Answer::Facts facts, const Request& request, std::size_t logged_from);

}  // namespace detail
}  // namespace sallyport::test
