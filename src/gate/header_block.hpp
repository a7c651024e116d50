// A block of header fields that is built once and sent with many answers, in the forms that HTTP/1.1 and HTTP/2 need.
#pragma once

#include "gate/answer.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

/// The base64 of 16 random bytes, as the CSP nonce is written.
inline constexpr std::size_t nonce_length = 24;

/// Stands in a value where the nonce belongs: no policy holds control characters.
inline constexpr char nonce_mark = '\1';

struct HeaderField {
  std::string name;         ///< in lower case
  std::string value;        ///< up to the nonce; all of it where there is none
  std::string after_nonce;  ///< empty where there is none
  MergeRows row = 0;        ///< of `merge_table`: the field is left out where an upstream's stands
};

/// The fields in both forms: lines for HTTP/1.1, pairs for HTTP/2.
struct HeaderBlock {
  std::string lines;  ///< complete field lines, up to the first nonce; all of them where there is none
  std::vector<std::string> after_nonce;  ///< what follows each nonce
  std::vector<HeaderField> fields;
  std::size_t size = 0;           ///< bytes of all lines, nonces included
  std::size_t around_nonces = 0;  ///< bytes of the values that have a nonce, without it
};

/// Collects the fields of a block.
class HeaderBlockBuilder {
 public:
  /// `value` may hold one `nonce_mark`. Throws where it holds another control character: what comes from users has been checked while
  /// compiling, or at start.
  HeaderBlockBuilder& field(std::string_view name, std::string_view value);
  /// The same, left out as if it were the field of another row: a policy that says only who may frame a page goes with X-Frame-Options.
  HeaderBlockBuilder& field(std::string_view name, std::string_view value, MergeRows row);
  [[nodiscard]] HeaderBlock take();

 private:
  HeaderBlock block_;
  std::string text_;
};

}  // namespace sallyport::gate
