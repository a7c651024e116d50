// The secrets that a request's code has taken out in clear, and how they are found in a text.
#pragma once

#include <sallyport/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sallyport::detail {

/// Of one request, for as long as it lasts; used by one thread at a time, as its code is. They are found as they are and as JSON writes them:
/// what is encoded otherwise, hashed or cut in two before it goes on is not.
class RequestSecrets {
 public:
  /// More in one request end it.
  static constexpr std::size_t most = 1000;

  RequestSecrets() = default;
  RequestSecrets(const RequestSecrets&) = delete;
  RequestSecrets& operator=(const RequestSecrets&) = delete;

  void add(std::span<const unsigned char> bytes, Taken how);

  /// Whether a text that is kept or logged holds one. A number of six digits or more is found where it stands by itself, also as
  /// "123 456". Other secrets of twelve bytes or more are found anywhere; shorter ones, which texts hold by chance, as the whole text, and
  /// with a digit or sign in them as a word of it.
  [[nodiscard]] bool held_by(std::string_view text) const noexcept;
  /// Whether one is this number.
  [[nodiscard]] bool are(std::int64_t number) const noexcept;
  /// Whether a text of an answer holds one: a code that was to be sent, or another secret that is too long to be there by chance.
  [[nodiscard]] bool shown_by(std::string_view text) const noexcept;
  /// Somebody is sent a code.
  [[nodiscard]] bool has_code() const noexcept { return has_code_; }

 private:
  struct One {
    SecretBytes bytes;
    Taken how;
    bool digits;  // and nothing else, at least `fewest_digits` of them
  };
  void keep(std::string_view text, Taken how);

  std::vector<One> all_;
  bool has_code_ = false;
};

}  // namespace sallyport::detail
