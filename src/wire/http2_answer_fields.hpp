// The heads of HTTP/2 answers: what the exchange says, as fields that nghttp2 takes.
#pragma once

#include "gate/exchange.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::wire {

/// The fields of an answer as nghttp2 takes them: to be made where they are needed, as their memory is their own for most answers.
/// Meaningful until the exchange is changed.
class AnswerFields {
 public:
  explicit AnswerFields(gate::Exchange& exchange);
  AnswerFields(const AnswerFields&) = delete;
  AnswerFields& operator=(const AnswerFields&) = delete;

  [[nodiscard]] std::span<const nghttp2_nv> all() const noexcept { return fields_; }

 private:
  void add(std::string_view name, std::string_view value, unsigned flags);
  [[nodiscard]] std::string_view keep(std::string_view value);

  std::array<std::byte, 8192> memory_;
  std::pmr::monotonic_buffer_resource resource_{memory_.data(), memory_.size()};
  std::pmr::vector<nghttp2_nv> fields_{&resource_};
  std::pmr::string values_{&resource_};
};

}  // namespace sallyport::wire
