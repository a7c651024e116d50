// Reads an answer from bytes.
#include "testing/raw_answer.hpp"

#include "base/character_class.hpp"

#include <zlib.h>

#include <charconv>
#include <system_error>
#include <utility>

namespace sallyport::test::detail {
namespace {

[[noreturn]] void malformed(std::string_view what, std::string_view bytes) {
  throw Failure("the answer is no HTTP: " + std::string(what) + ", in:\n" + std::string(bytes.substr(0, 1000)));
}

template <class Number>
bool read_number(std::string_view text, Number& value, int base = 10) noexcept {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, base);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view AnswerHead::field(std::string_view name) const noexcept {
  for (const auto& [its_name, value] : fields) {
    if (base::equal_ignoring_case(its_name, name)) return value;
  }
  return {};
}

std::optional<AnswerHead> read_head(std::string_view bytes) {
  AnswerHead head;
  for (std::size_t begin = 0;; begin = head.size) {
    head = {};
    const std::size_t end = bytes.find("\r\n\r\n", begin);
    if (end == bytes.npos) return std::nullopt;
    head.size = end + 4;
    std::string_view rest = bytes.substr(begin, end + 2 - begin);
    std::size_t line_end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, line_end);
    if (!line.starts_with("HTTP/1.1 ") || line.size() < 13 || line[12] != ' ' ||
        !read_number(line.substr(9, 3), head.status))
      malformed("a status line", bytes.substr(begin));
    for (rest.remove_prefix(line_end + 2); !rest.empty(); rest.remove_prefix(line_end + 2)) {
      line_end = rest.find("\r\n");
      const std::string_view field = rest.substr(0, line_end);
      const std::size_t colon = field.find(": ");
      if (colon == field.npos || colon == 0) malformed("a field", field);
      head.fields.emplace_back(field.substr(0, colon), field.substr(colon + 2));
    }
    if (head.status >= 200) return head;
  }
}

bool take_chunks(std::string& bytes, std::string& out) {
  for (;;) {
    const std::size_t line = bytes.find("\r\n");
    if (line == bytes.npos) return false;
    std::size_t size = 0;
    if (!read_number(std::string_view(bytes).substr(0, line), size, 16)) malformed("the size of a chunk", bytes);
    if (size == 0) return bytes.size() >= line + 4;
    if (bytes.size() < line + 2 + size + 2) return false;
    out.append(bytes, line + 2, size);
    bytes.erase(0, line + 2 + size + 2);
  }
}

std::string read_body(const AnswerHead& head, std::string_view bytes, bool to_head, bool closed) {
  std::string body(bytes.substr(head.size));
  if (to_head || head.status == 204 || head.status == 304) {
    if (!body.empty()) malformed("a body where none can be", body);
    return body;
  }
  if (head.field("transfer-encoding") == "chunked") {
    std::string content;
    if (!take_chunks(body, content))
      throw Failure("the answer broke off: the service could not make the rest of it; this came:\n" + content);
    return content;
  }
  std::size_t size = 0;
  if (!read_number(head.field("content-length"), size)) {
    if (!closed) malformed("a body without an end", bytes);
    return body;
  }
  if (body.size() < size) throw Failure("the answer broke off: the service could not make the rest of it");
  if (body.size() > size) malformed("more than Content-Length says", bytes);
  return body;
}

std::string decoded(const AnswerHead& head, std::string body) {
  if (head.field("content-encoding") != "gzip" || body.empty()) return body;
  z_stream stream{};
  constexpr int gzip_only = 16 + MAX_WBITS;
  if (inflateInit2(&stream, gzip_only) != Z_OK) throw Failure("zlib can't be used");
  stream.next_in = reinterpret_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  std::string piece(65'536, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, 0, piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) throw Failure("the answer says gzip and is none");
  return out;
}

}  // namespace sallyport::test::detail
