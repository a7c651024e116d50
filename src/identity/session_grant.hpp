// What a proof stands for: that a session of this user may begin with the answer of this request.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/detail/held_request.hpp>

#include <cstdint>
#include <string_view>

namespace sallyport::identity {

/// How somebody was proved to be who they say. What begins a session later (a link for a forgotten password, a link by mail, a second
/// factor) is one more row here, made where the link or the code is checked; see docs/decisions/0033-proofs.md.
enum class ProofKind : std::uint8_t { password, sign_up };

/// The reason in the log.
[[nodiscard]] constexpr std::string_view text_of(ProofKind kind) noexcept {
  return kind == ProofKind::sign_up ? "sign-up" : "password";
}

struct SessionGrant {
  User user;
  ProofKind kind;
  detail::HeldRequest request;  ///< which alone may answer it
};

}  // namespace sallyport::identity
