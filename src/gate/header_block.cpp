// Builds blocks of header fields.
#include "gate/header_block.hpp"

#include "base/character_class.hpp"
#include "gate/header_merge.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sallyport::gate {
namespace {

void check(std::string_view value) {
  const auto forbidden = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != nonce_mark) || c == 0x7f; };
  if (std::any_of(value.begin(), value.end(), forbidden))
    throw std::invalid_argument("a control character in the value of a security field");
}

}  // namespace

HeaderBlockBuilder& HeaderBlockBuilder::field(std::string_view name, std::string_view value) {
  return field(name, value, row_of(name));
}

HeaderBlockBuilder& HeaderBlockBuilder::field(std::string_view name, std::string_view value, MergeRows row) {
  check(value);
  HeaderField field{std::string(name), std::string(value), {}, row};
  std::transform(name.begin(), name.end(), field.name.begin(), base::to_lower);
  text_.append(name).append(": ").append(value).append("\r\n");
  if (const std::size_t mark = value.find(nonce_mark); mark != value.npos) {
    field.value.resize(mark);
    field.after_nonce = value.substr(mark + 1);
    block_.around_nonces += value.size() - 1;
  }
  block_.fields.push_back(std::move(field));
  return *this;
}

HeaderBlock HeaderBlockBuilder::take() {
  std::string_view rest = text_;
  const auto piece = [&rest] {
    const std::size_t mark = rest.find(nonce_mark);
    const std::string_view before = rest.substr(0, mark);
    rest = mark == rest.npos ? std::string_view() : rest.substr(mark + 1);
    return before;
  };
  block_.lines = piece();
  block_.size = text_.size();
  while (!rest.empty()) {
    block_.after_nonce.emplace_back(piece());
    block_.size += nonce_length - 1;
  }
  return std::move(block_);
}

}  // namespace sallyport::gate
