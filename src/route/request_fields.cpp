// Reads fields of the request for handlers: headers of the application's own, what is known of the client, the last event's id.
#include <sallyport/client.hpp>
#include <sallyport/header.hpp>

#include "base/character_class.hpp"
#include "base/utf8.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "route/request_inputs.hpp"

#include <algorithm>

namespace sallyport::detail {

bool refuse_named(Exchange& exchange, std::string_view place, std::string_view name, InputError error) {
  std::string json = "[{\"";
  json.append(place).append("\":");
  append_json_text(json, name);
  json.append(",\"code\":");
  append_json_text(json, name_of(error));
  json.append("}]");
  gate::security_event(exchange, "input_validation_fail", name, ops::Severity::info);
  gate::refuse_invalid(exchange, gate::problems::invalid_input, json);
  return false;
}

InputError read_named(std::string_view text, const TypeInfo& type, void* out) {
  FieldErrors errors;
  const bool optional = type.kind == Kind::optional;
  if (read_scalar(text, {}, optional ? *type.element : type, optional ? type.open(out) : out, errors))
    return InputError::none;
  return errors.empty() ? InputError::malformed : errors.entries().front().error;
}

bool read_field(Exchange& exchange, std::string_view name, const TypeInfo& type, void* out) {
  const http::HeaderField* found = nullptr;
  for (const http::HeaderField& field : exchange.head.fields()) {
    if (!base::equal_ignoring_case(field.name, name)) continue;
    if (found) return refuse_named(exchange, "header", name, InputError::repeated);
    found = &field;
  }
  if (!found) return type.kind == Kind::optional || refuse_named(exchange, "header", name, InputError::missing);
  const InputError error = read_named(found->value, type, out);
  return error == InputError::none || refuse_named(exchange, "header", name, error);
}

std::string client_address_of(Exchange& exchange) { return std::string(exchange.client_text()); }

std::string_view scheme_of(const Exchange& exchange) noexcept {
  return exchange.rules.origin.starts_with("https:") ? "https" : "http";
}

std::string user_agent_of(const Exchange& exchange) {
  constexpr std::size_t longest = 256;
  std::string_view text = exchange.head.known(http::KnownHeader::user_agent).value;
  std::string out;
  while (!text.empty()) {
    const base::CodePoint next = base::first_code_point(text);
    const bool shown = next.valid && next.value >= 0x20 && (next.value < 0x7F || next.value > 0x9F);
    const std::string_view bytes = shown ? text.substr(0, next.length) : std::string_view("?");
    if (out.size() + bytes.size() > longest) break;
    out.append(bytes);
    text.remove_prefix(next.length);
  }
  return out;
}

bool read_last_event_id(Exchange& exchange, std::string& out) {
  constexpr std::size_t longest = 128;
  constexpr std::string_view name = "Last-Event-ID";
  const http::KnownField field = exchange.head.known(http::KnownHeader::last_event_id);
  if (field.repeated) return refuse_named(exchange, "header", name, InputError::repeated);
  if (field.value.size() > longest) return refuse_named(exchange, "header", name, InputError::too_long);
  const bool plain = std::none_of(field.value.begin(), field.value.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!plain || !base::valid_utf8(field.value)) return refuse_named(exchange, "header", name, InputError::format);
  out.assign(field.value);
  return true;
}

}  // namespace sallyport::detail
