// The heads of HTTP/2 answers: what the exchange says, as fields that nghttp2 takes.
#pragma once

#include "gate/exchange.hpp"

#include <nghttp2/nghttp2.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::wire {

/// The fields of answers as nghttp2 takes them. Keeps its memory from one answer to the next.
class AnswerFields {
 public:
  /// Meaningful until the next call, or the exchange is changed.
  [[nodiscard]] std::span<const nghttp2_nv> of(gate::Exchange& exchange);

 private:
  void add(std::string_view name, std::string_view value, unsigned flags);
  [[nodiscard]] std::string_view keep(std::string_view value);

  std::vector<nghttp2_nv> fields_;
  std::string values_;
};

}  // namespace sallyport::wire
