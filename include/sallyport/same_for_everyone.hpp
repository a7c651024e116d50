// same_for_everyone: a folder behind sp::signed_in holds nothing that is one user's.
#pragma once

#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/reason.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport {

/// Behind the folder of `app.files("/manuals", sp::signed_in, "manuals", sp::same_for_everyone("the manuals that customers get"))`: every user
/// may read every file in it, and the reason for the reviewer of the route report.
class same_for_everyone {
 public:
  template <std::size_t N>
  consteval explicit same_for_everyone(const char (&why)[N]) : why_(why) {
    check(why_.view());
  }
  template <detail::NotALiteral<same_for_everyone> Argument>
  __attribute__((
      unavailable("LIT-001: the reason is a \"literal\" that a reviewer can read: sp::same_for_everyone(\"the manuals "
                  "that customers get\")"))) explicit same_for_everyone(Argument&&);  // NOLINT
  [[nodiscard]] constexpr std::string_view why() const noexcept { return why_.view(); }

 private:
  static consteval void check(std::string_view why) {
    if (!detail::is_reason(why))
      throw "AUTHZ-015: say why every user may read these files, in two words and ten characters or more";
  }
  detail::LiteralText why_;
};

}  // namespace sallyport
