// Answer: what will be sent for a request, before it is bytes.
#pragma once

#include <sallyport/response.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

/// Decides the header set (see headers.cpp).
enum class ResponseClass : std::uint8_t { document, document_with_scripts, api, asset };
inline constexpr std::size_t response_classes = 4;

struct Answer {
  int status = 0;  ///< 0: none yet
  ResponseClass kind = ResponseClass::api;
  std::string_view content_type;  ///< empty: no body
  std::string body;               ///< keeps its memory between requests
  std::string_view fixed_body;    ///< instead of `body`: bytes that outlive the service
  std::string location;
  std::string set_cookie;         ///< the whole field value
  std::string_view allow;         ///< of 405 and OPTIONS
  std::string_view etag;          ///< of assets
  std::string nonce;              ///< of documents with scripts
  std::uint32_t retry_after = 0;  ///< seconds; 0: not sent
  bool clear_site_data = false;
  bool close = false;  ///< the connection ends after this answer
  std::vector<Response::Field> fields;

  [[nodiscard]] std::string_view bytes() const noexcept {
    return fixed_body.data() ? fixed_body : std::string_view(body);
  }
  void reset() noexcept;
};

}  // namespace sallyport::gate
