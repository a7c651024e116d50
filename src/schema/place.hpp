// Where in a document a reader stands: a chain on the stack that becomes an RFC 6901 pointer when an error needs one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::schema {

class Place {
 public:
  Place() = default;  ///< the whole document: the pointer ""
  Place(const Place& around, std::string_view member) : around_(&around), member_(member) {}
  Place(const Place& around, std::size_t index) : around_(&around), index_(index), is_index_(true) {}

  [[nodiscard]] std::string pointer() const {
    if (around_ == nullptr) return {};
    std::string out = around_->pointer();
    out.push_back('/');
    if (is_index_) return out += std::to_string(index_);
    for (const char c : member_) {  // RFC 6901 §3
      if (c == '~') {
        out += "~0";
      } else if (c == '/') {
        out += "~1";
      } else {
        out += c;
      }
    }
    return out;
  }

 private:
  const Place* around_ = nullptr;
  std::string_view member_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

}  // namespace sallyport::schema
