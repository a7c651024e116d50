// The tables and algorithms are libunistring's.
#include "base/unicode.hpp"

#include "base/utf8.hpp"

#include <string.h>  // explicit_bzero is not in <cstring>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace sallyport::base {
namespace {

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

std::size_t prepare_password(std::span<const unsigned char> text, std::span<unsigned char> room) noexcept {
  const std::string_view typed(reinterpret_cast<const char*>(text.data()), text.size());
  const auto as_it_is = [&] {
    std::copy(text.begin(), text.end(), room.begin());
    return text.size();
  };
  if (is_plain(typed) || !valid_utf8(typed)) return as_it_is();

  // The spaces first, in the room: U+0020 takes fewer bytes than they.
  std::size_t size = 0;
  for (std::size_t at = 0; at < typed.size();) {
    const CodePoint next = first_code_point(typed.substr(at));
    if (next.value >= 0x80 && uc_is_general_category(next.value, UC_SPACE_SEPARATOR)) {
      room[size++] = ' ';
    } else {
      for (std::size_t i = 0; i < next.length; ++i) room[size++] = text[at + i];
    }
    at += next.length;
  }
  std::size_t made_size = 0;
  std::uint8_t* const made = u8_normalize(UNINORM_NFC, room.data(), size, nullptr, &made_size);
  if (!made || made_size > room.size()) {
    std::free(made);  // NOLINT(cppcoreguidelines-no-malloc): libunistring's; null: out of memory
    return as_it_is();
  }
  std::copy_n(made, made_size, room.begin());
  explicit_bzero(made, made_size);
  std::free(made);  // NOLINT(cppcoreguidelines-no-malloc): libunistring's
  return made_size;
}

std::string fold_case(std::string_view text) {
  if (is_plain(text)) {
    std::string low(text);
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return low;
  }
  if (!valid_utf8(text)) return std::string(text);
  std::size_t size = 0;
  const std::unique_ptr<std::uint8_t, void (*)(void*)> folded(
      u8_casefold(bytes_of(text), text.size(), nullptr, UNINORM_NFC, nullptr, &size), std::free);
  if (!folded) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(folded.get()), size};
}

}  // namespace sallyport::base
