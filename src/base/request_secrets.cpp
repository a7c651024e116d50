// The secrets that a request's code has taken out in clear, and how they are found in a text.
#include "base/request_secrets.hpp"

#include <sallyport/detail/misuse.hpp>
#include <sallyport/job.hpp>

#include "base/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace sallyport::detail {
namespace {

constexpr std::size_t fewest_digits = 6;      // fewer are in any text
constexpr std::size_t found_anywhere = 12;    // bytes
constexpr std::size_t found_in_answers = 15;  // bytes: pages have long words, and show what was typed

constinit ExposeReason* reasons = nullptr;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) noexcept { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

std::string_view text_of(std::span<const unsigned char> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Not as a part of a longer number, which an id or a time may be by chance. One gap: people write "123 456" and "123-456".
bool holds_number(std::string_view text, std::string_view digits) noexcept {
  for (std::size_t at = text.find(digits[0]); at != text.npos; at = text.find(digits[0], at + 1)) {
    if (at > 0 && is_digit(text[at - 1])) continue;
    bool gap = false;
    std::size_t found = 0;
    std::size_t i = at;
    for (; i < text.size() && found < digits.size(); ++i) {
      if (text[i] == digits[found]) {
        ++found;
      } else if (!gap && (text[i] == ' ' || text[i] == '-')) {
        gap = true;
      } else {
        break;
      }
    }
    if (found == digits.size() && (i == text.size() || !is_digit(text[i]))) return true;
  }
  return false;
}

bool holds_word(std::string_view text, std::string_view word) noexcept {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

bool holds(std::string_view text, std::string_view secret, bool digits) noexcept {
  if (digits) return holds_number(text, secret);
  if (secret.size() >= found_anywhere) return text.find(secret) != text.npos;
  if (text == secret) return true;
  return !std::ranges::all_of(secret, is_letter) && secret.size() >= 4 && holds_word(text, secret);
}

// SecretBytes::expose would note it as taken.
template <class Read>
bool seen(const SecretBytes& bytes, Read&& read) noexcept {
  return static_cast<const Secret&>(bytes).expose(
      [&](std::span<const unsigned char> all) -> bool { return read(text_of(all)); });
}

}  // namespace

void RequestSecrets::add(std::span<const unsigned char> bytes, Taken how) {
  if (bytes.empty()) return;
  const std::string_view text = text_of(bytes);
  has_code_ = has_code_ || how == Taken::to_send;
  keep(text, how);
  // As it stands in JSON.
  if (std::ranges::none_of(text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }))
    return;
  std::string escaped;
  escaped.reserve(6 * text.size() + 2);  // so that it leaves no copies behind
  base::append_json_string(escaped, text, base::JsonEscapes::line);
  keep(std::string_view(escaped).substr(1, escaped.size() - 2), how);
  wipe({reinterpret_cast<unsigned char*>(escaped.data()), escaped.size()});
}

void RequestSecrets::keep(std::string_view text, Taken how) {
  for (One& one : all_) {
    if (!seen(one.bytes, [&](std::string_view known) { return known == text; })) continue;
    if (how == Taken::to_send) one.how = how;
    return;
  }
  if (all_.size() == most) misused("more secrets were taken out in one request than it can look for: send fewer codes");
  const std::span bytes(reinterpret_cast<const unsigned char*>(text.data()), text.size());
  all_.push_back({SecretBytes(bytes), how, text.size() >= fewest_digits && std::ranges::all_of(text, is_digit)});
}

bool RequestSecrets::held_by(std::string_view text) const noexcept {
  return std::ranges::any_of(all_, [&](const One& one) {
    return seen(one.bytes, [&](std::string_view secret) { return holds(text, secret, one.digits); });
  });
}

bool RequestSecrets::are(std::int64_t number) const noexcept {
  return std::ranges::any_of(all_, [&](const One& one) {
    return one.digits && seen(one.bytes, [&](std::string_view secret) {
             std::int64_t read = 0;
             const auto end = std::from_chars(secret.data(), secret.data() + secret.size(), read);
             return end.ec == std::errc() && read == number;
           });
  });
}

bool RequestSecrets::shown_by(std::string_view text) const noexcept {
  return std::ranges::any_of(all_, [&](const One& one) {
    return seen(one.bytes, [&](std::string_view secret) {
      return (one.how == Taken::to_send || secret.size() >= found_in_answers) && holds(text, secret, one.digits);
    });
  });
}

void EndSecrets::operator()(RequestSecrets* secrets) const noexcept {
  const std::unique_ptr<RequestSecrets> last(secrets);
}

RequestSecrets& TaskContext::taken_secrets() {
  if (!secrets_) secrets_.reset(std::make_unique<RequestSecrets>().release());
  return *secrets_;
}

void note_taken(std::span<const unsigned char> bytes, Taken how) {
  if (current_context && !current_context->over()) current_context->taken_secrets().add(bytes, how);
}

bool give_reason(ExposeReason& reason) noexcept {
  reason.next = reasons;
  reasons = &reason;
  return true;
}
const ExposeReason* expose_reasons() noexcept { return reasons; }

}  // namespace sallyport::detail
