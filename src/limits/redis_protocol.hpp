// Redis' protocol (RESP2): commands are written here, answers are read by hiredis' parser.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct redisReader;

namespace sallyport::limits {

/// The last arguments of a command. Each is sent after its length: no content can end one early.
class RedisArguments {
 public:
  void add(std::string_view word);
  void add(std::uint64_t number);
  /// The command of `first` and these, as sent.
  void append_to(std::string& out, std::initializer_list<std::string_view> first) const;

 private:
  std::string bytes_;
  std::size_t count_ = 0;
};

/// An answer of one of the kinds that are used here: a text, an error, a number or a flat list of numbers.
struct RedisReply {
  enum class Type : std::uint8_t { nothing, text, error, numbers };
  static constexpr std::size_t max_numbers = 40;
  static constexpr std::size_t max_text = 200;  ///< the rest of a longer one is left out

  [[nodiscard]] std::span<const std::int64_t> list() const noexcept { return std::span(numbers).first(count); }

  Type type = Type::nothing;
  std::string text;
  std::array<std::int64_t, max_numbers> numbers{};
  std::size_t count = 0;
};

/// Parses a stream into answers. Whatever a server sends, it keeps at most `max_pending` bytes and what was fed last, and
/// does not allocate by a length that was only announced.
class RedisReplies {
 public:
  enum class State : std::uint8_t { incomplete, complete, broken };
  static constexpr std::size_t max_pending = 65'536;

  RedisReplies();
  void feed(std::string_view bytes);
  /// `complete`: the next answer is in `reply`, until the next call.
  [[nodiscard]] State next();
  [[nodiscard]] const RedisReply& reply() const noexcept { return *reply_; }
  /// Whether bytes were fed that belong to no answer yet.
  [[nodiscard]] bool pending() const noexcept { return fed_ != 0; }

 private:
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };
  std::unique_ptr<RedisReply> reply_;  // in its own place: the parser's functions point to it
  std::unique_ptr<redisReader, Free> reader_;
  std::size_t fed_ = 0;  // and not used up by an answer
  bool answered_ = false;
};

}  // namespace sallyport::limits
