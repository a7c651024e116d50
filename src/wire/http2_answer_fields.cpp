// Makes the fields of HTTP/2 answers.
#include "wire/http2_answer_fields.hpp"

#include "gate/answer_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sallyport::wire {
namespace {

// for_each_field makes numbers and dates on its stack, none of them longer than this; longer values are not copied.
constexpr std::size_t longest_made = 96;
constexpr std::size_t most_made = 40;

// nghttp2 takes pointers to bytes that it does not change.
std::uint8_t* bytes_of(std::string_view text) noexcept {
  auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return const_cast<std::uint8_t*>(bytes);  // NOLINT(cppcoreguidelines-pro-type-const-cast): nghttp2_nv says so
}

// Names whose values are the same from answer to answer and no secret: the others would only displace these in the client's table, or could be
// guessed by their size (RFC 7541 7.1).
unsigned indexing(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 6> indexed{
      "Content-Type", "RateLimit-Policy", "Content-Encoding", "Accept-Ranges", "Vary", "Allow"};
  const bool repeats = std::find(indexed.begin(), indexed.end(), name) != indexed.end();
  return repeats ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX;
}

}  // namespace

void AnswerFields::add(std::string_view name, std::string_view value, unsigned flags) {
  fields_.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), static_cast<std::uint8_t>(flags)});
}

std::string_view AnswerFields::keep(std::string_view value) {
  const std::size_t at = values_.size();
  values_.append(value);
  return std::string_view(values_).substr(at);
}

AnswerFields::AnswerFields(gate::Exchange& exchange) {
  constexpr unsigned fixed_name = NGHTTP2_NV_FLAG_NO_COPY_NAME;
  constexpr unsigned fixed = fixed_name | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
  const gate::Answer& answer = exchange.answer;
  const gate::HeaderBlock& block = exchange.header_block();
  fields_.reserve(2 + block.fields.size() + most_made + answer.fields.size());
  // Enough for all: views of it must not move.
  values_.reserve((most_made + answer.fields.size() + answer.forwarded.size()) * longest_made + block.around_nonces +
                  block.after_nonce.size() * answer.nonce.size());

  const int status = answer.status;
  const std::array<char, 3> digits{static_cast<char>('0' + status / 100), static_cast<char>('0' + status / 10 % 10),
                                   static_cast<char>('0' + status % 10)};
  add(":status", keep({digits.data(), digits.size()}), fixed_name);
  if ((answer.left_out & gate::date_row) == 0) add("date", exchange.loop.date(), fixed_name);
  for (const gate::HeaderField& field : block.fields) {
    if ((field.row & answer.left_out) != 0) continue;
    if (field.after_nonce.empty()) {
      add(field.name, field.value, fixed);
      continue;
    }
    const std::size_t at = values_.size();
    values_.append(field.value).append(answer.nonce).append(field.after_nonce);
    add(field.name, std::string_view(values_).substr(at), fixed_name | NGHTTP2_NV_FLAG_NO_INDEX);
  }
  gate::for_each_field(exchange, [this](std::string_view name, std::string_view value) {
    add(name, value.size() <= longest_made ? keep(value) : value, indexing(name));
  });
}

}  // namespace sallyport::wire
