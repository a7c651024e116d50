// RESP2. hiredis' parser calls functions of ours for what it finds; they fill the one RedisReply and allocate no tree.
#include "limits/redis_protocol.hpp"

#include <hiredis/read.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <utility>

namespace sallyport::limits {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_word(std::string& out, std::string_view word) {
  out += '$';
  append_number(out, word.size());
  out += "\r\n";
  out += word;
  out += "\r\n";
}

// What these return is not looked at, but null is an error: the parser stops and stays broken.

RedisReply* reply_of(const redisReadTask* task) noexcept { return static_cast<RedisReply*>(task->privdata); }

void* take_text(const redisReadTask* task, char* text, std::size_t size) noexcept {
  if (task->parent) return nullptr;
  RedisReply* const reply = reply_of(task);
  try {
    reply->text.assign(text, std::min(size, RedisReply::max_text));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  reply->type = task->type == REDIS_REPLY_ERROR ? RedisReply::Type::error : RedisReply::Type::text;
  return reply;
}

template <class Count>  // int, or size_t from hiredis 1.0 on
void* take_list(const redisReadTask* task, Count count) noexcept {
  RedisReply* const reply = reply_of(task);
  if (task->parent || static_cast<std::size_t>(count) > RedisReply::max_numbers) return nullptr;
  reply->type = RedisReply::Type::numbers;
  return reply;
}

void* take_number(const redisReadTask* task, long long number) noexcept {
  RedisReply* const reply = reply_of(task);
  if (reply->count == RedisReply::max_numbers) return nullptr;
  reply->type = RedisReply::Type::numbers;
  reply->numbers[reply->count++] = number;
  return reply;
}

void* take_nothing(const redisReadTask* task) noexcept { return task->parent ? nullptr : reply_of(task); }

void free_nothing(void*) noexcept {}

redisReplyObjectFunctions make_functions() {
  redisReplyObjectFunctions functions{};  // those of RESP3 stay null
  functions.createString = take_text;
  functions.createArray = take_list;
  functions.createInteger = take_number;
  functions.createNil = take_nothing;
  functions.freeObject = free_nothing;
  return functions;
}

redisReplyObjectFunctions* functions() {
  static redisReplyObjectFunctions made = make_functions();  // read only, but hiredis takes no const
  return &made;
}

}  // namespace

void RedisArguments::add(std::string_view word) {
  append_word(bytes_, word);
  ++count_;
}

void RedisArguments::add(std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  add(std::string_view(digits.data(), end));
}

void RedisArguments::append_to(std::string& out, std::initializer_list<std::string_view> first) const {
  out += '*';
  append_number(out, first.size() + count_);
  out += "\r\n";
  for (const std::string_view word : first) append_word(out, word);
  out += bytes_;
}

void RedisReplies::Free::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

RedisReplies::RedisReplies()
    : reply_(std::make_unique<RedisReply>()), reader_(redisReaderCreateWithFunctions(functions())) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = reply_.get();
}

void RedisReplies::feed(std::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());  // a failure is kept, and told by the next answer
  fed_ += bytes.size();
}

RedisReplies::State RedisReplies::next() {
  if (std::exchange(answered_, false)) {
    reply_->type = RedisReply::Type::nothing;
    reply_->text.clear();
    reply_->count = 0;
  }
  void* found = nullptr;
  if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) return State::broken;
  if (!found) return fed_ > max_pending ? State::broken : State::incomplete;
  answered_ = true;
  fed_ = reader_->len - reader_->pos;
  return found == reply_.get() ? State::complete : State::broken;
}

}  // namespace sallyport::limits
