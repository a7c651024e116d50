// The list of what is wrong with an input, as the member `errors` of a problem document shows it.
#include <sallyport/json.hpp>
#include <sallyport/schema.hpp>

namespace sallyport::detail {

void FieldErrors::add(std::string pointer, InputError error) {
  if (entries_.size() >= max) {
    truncated_ = true;
    return;
  }
  entries_.push_back({std::move(pointer), error});
}

void FieldErrors::append_json(std::string& out) const {
  out.push_back('[');
  for (const Entry& entry : entries_) {
    if (&entry != entries_.data()) out.push_back(',');
    out.append("{\"pointer\":");
    append_json_text(out, entry.pointer);
    out.append(",\"code\":");
    append_json_text(out, name_of(entry.error));
    out.push_back('}');
  }
  out.push_back(']');
}

}  // namespace sallyport::detail
