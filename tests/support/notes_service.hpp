// The notes example, served inside the test's process.
#pragma once

#include "support/http_client.hpp"
#include "support/test_service.hpp"

#include <functional>
#include <string>

namespace sallyport::testing {

class NotesService : public TestService {
 public:
  explicit NotesService(const std::function<void(ops::Settings&)>& adjust = {});

  /// Somebody who has signed up and in through the API.
  [[nodiscard]] Browser member(const std::string& email);
  [[nodiscard]] Browser visitor() { return Browser(port(), authority()); }

  static constexpr const char* password = "a long walk by the river";
};

/// The text of member `name` of a JSON object, taken without a parser: enough for ids and titles.
[[nodiscard]] std::string json_text(const std::string& json, const std::string& name);

}  // namespace sallyport::testing
