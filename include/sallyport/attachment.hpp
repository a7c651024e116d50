// attachment: an answer that the browser saves as a file, under a name.
#pragma once

#include <sallyport/detail/slot_value.hpp>

#include <string>
#include <string_view>

namespace sallyport {

/// `Content-Disposition: attachment` with a name, which may be any text, that of a user too: it is quoted and encoded (RFC 6266, RFC 8187),
/// and what is no part of a file's name (separators, control and direction characters, leading dots) is replaced. The browser saves
/// the answer and never shows it:
///
///     return sp::Response::text(note.body).header(sp::attachment(note.title));
///     co_yield sp::attachment("notes.csv");   // in a Stream, before its first piece
class attachment {
 public:
  template <detail::TextValue Name>
  explicit attachment(const Name& name) : attachment(Checked{}, detail::hold_text(name)) {}

  /// The value of the field.
  [[nodiscard]] const std::string& field() const noexcept { return field_; }

 private:
  struct Checked {};
  attachment(Checked, std::string_view name);
  template <detail::Integer Number>
  attachment(Checked checked, Number number) : attachment(checked, std::to_string(number)) {}
  std::string field_;
};

}  // namespace sallyport
