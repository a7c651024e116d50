// Reads an answer from the bytes of an HTTP/1.1 connection, as strictly as it can.
#pragma once

#include <sallyport/testing/answer.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::test::detail {

/// The head of an answer.
struct AnswerHead {
  int status = 0;
  Pairs fields;          ///< names as they came
  std::size_t size = 0;  ///< bytes, up to where the body begins

  /// The value of the first field of that name, which is in lower case.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

/// Nothing when it is not all there. Interim answers are passed over. Throws `Failure` for what is no answer.
[[nodiscard]] std::optional<AnswerHead> read_head(std::string_view bytes);

/// A whole answer's body, without the chunks; throws `Failure` where it is not whole. `to_head`: it answers a HEAD.
[[nodiscard]] std::string read_body(const AnswerHead& head, std::string_view bytes, bool to_head, bool closed);

/// Takes whole chunks from the front of `bytes` and appends their content to `out`. True after the last one.
bool take_chunks(std::string& bytes, std::string& out);

/// The body without its Content-Encoding (gzip).
[[nodiscard]] std::string decoded(const AnswerHead& head, std::string body);

[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace sallyport::test::detail
