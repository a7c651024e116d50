// Bytes on their way out: appended in small pieces, each checked and copied in line.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace sallyport::base {

/// Like a std::string that is only appended to; its `append` is small enough for the compiler to put it where it is called,
/// which for the twenty pieces of a response head halves their cost.
class ByteBuffer {
 public:
  [[gnu::always_inline]] void append(std::string_view bytes) {
    if (bytes.size() > capacity_ - size_) grow(bytes.size());
    if (bytes.empty()) return;
    std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  /// `name: value` and the end of the line: one check for the four pieces of a field.
  [[gnu::always_inline]] void append_field(std::string_view name, std::string_view value) {
    const std::size_t size = name.size() + value.size() + 4;
    if (size > capacity_ - size_) grow(size);
    char* out = bytes_.get() + size_;
    std::memcpy(out, name.data(), name.size());
    out += name.size();
    *out++ = ':';
    *out++ = ' ';
    if (!value.empty()) std::memcpy(out, value.data(), value.size());
    out += value.size();
    *out++ = '\r';
    *out = '\n';
    size_ += size;
  }
  void append_number(std::uint64_t number) {
    std::array<char, 20> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    append({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  /// Makes room for `bytes` more, at least doubling: many appends copy each byte a bounded number of times.
  void reserve_more(std::size_t bytes) {
    if (bytes > capacity_ - size_) grow(bytes);
  }
  /// Room for `bytes` more behind the last; `commit` what has been written there.
  [[nodiscard]] std::span<char> room(std::size_t bytes) {
    reserve_more(bytes);
    return {bytes_.get() + size_, bytes};
  }
  void commit(std::size_t bytes) noexcept { size_ += bytes; }
  void swap(ByteBuffer& other) noexcept {
    bytes_.swap(other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
  /// Forgets the bytes; gives the memory back when it is more than `keep`.
  void clear(std::size_t keep) noexcept {
    size_ = 0;
    if (capacity_ > keep) {
      bytes_.reset();
      capacity_ = 0;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }

 private:
  [[gnu::noinline]] void grow(std::size_t bytes) {
    const std::size_t capacity = std::max(size_ + bytes, 2 * capacity_);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace sallyport::base
