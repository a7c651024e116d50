// Assets and folders: conditions, ranges and codings are those of RFC 9110.
#include "route/files.hpp"

#include "base/file_io.hpp"
#include "gate/caching.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "gate/site.hpp"
#include "http/byte_range.hpp"
#include "http/conditional.hpp"
#include "http/content_coding.hpp"
#include "http/exposed_files.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"

#include <chrono>
#include <utility>

namespace sallyport::route {
namespace {

using gate::conditions_hold;
using gate::Exchange;
using http::Coding;
using http::KnownHeader;

std::int64_t seconds_now(const Exchange& exchange) {
  return std::chrono::floor<std::chrono::seconds>(exchange.loop.clock.wall()).time_since_epoch().count();
}

http::AcceptEncoding accepted(const Exchange& exchange) { return http::AcceptEncoding::of(exchange.head); }

// The requested part of `length` bytes, as offset and size, and the answer's status. False for 416.
bool choose_part(Exchange& exchange, const http::Validators& current, std::uint64_t length, std::uint64_t& offset,
                 std::uint64_t& size) {
  gate::Answer& answer = exchange.answer;
  answer.accepts_ranges = true;
  answer.status = 200;
  offset = 0;
  size = length;
  const http::KnownField range = exchange.head.known(KnownHeader::range);
  if (!range || range.repeated || exchange.head.method != http::Method::get) return true;
  const auto if_range = exchange.head.known(KnownHeader::if_range);
  if (!http::range_applies(if_range, current, seconds_now(exchange))) return true;
  const http::ByteRange part = http::read_byte_range(range.value, length);
  if (part.kind == http::ByteRange::Kind::whole) return true;
  std::array<char, http::max_content_range_size> text;
  const std::string_view field = http::content_range(part, length, text);
  if (part.kind == http::ByteRange::Kind::unsatisfiable) {
    gate::refuse(exchange, gate::problems::range_not_satisfiable);
    exchange.answer.content_range = field;
    return false;
  }
  answer.status = 206;
  answer.content_range = field;
  offset = part.first;
  size = part.length();
  return true;
}

void serve_asset(Exchange& exchange, const Route& route) {
  gate::Answer& answer = exchange.answer;
  answer.kind = gate::ResponseClass::asset;
  const Asset& asset = *route.asset;
  const auto coding = accepted(exchange).best({.br = !asset.br.empty(), .gzip = !asset.gzip.empty()});
  const bool coded = coding && *coding != Coding::identity;
  const std::string_view bytes = !coded                  ? std::string_view(*asset.bytes)
                                 : *coding == Coding::br ? asset.br
                                                         : asset.gzip;
  answer.etag = asset.etag;
  if (coded)
    answer.etag.insert(answer.etag.size() - 1, *coding == Coding::br ? "-br" : "-gz");  // other bytes, another tag
  const http::Validators current{.etag = answer.etag};
  if (!conditions_hold(exchange, current)) return;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  if (!choose_part(exchange, current, bytes.size(), offset, size)) return;
  answer.content_type = asset.content_type;
  if (coded) answer.content_coding = http::coding_name(*coding);
  answer.fixed_body = bytes.substr(offset, size);
}

// The path after the folder's prefix.
std::string_view path_within(const Exchange& exchange) noexcept {
  const Call& call = call_of(exchange);
  return call.parameter_count == 0 ? std::string_view{} : call.parameters[call.parameter_count - 1].value;
}

// A file this small is read at once: a slow client can't keep its descriptor open.
constexpr std::uint64_t kept_in_memory = 16'384;

void read_part(Exchange& exchange, int descriptor, std::uint64_t offset, std::uint64_t size) {
  std::string& body = exchange.answer.body;
  body.resize(static_cast<std::size_t>(size));
  if (base::read_at(descriptor, body, offset) != static_cast<ssize_t>(size))
    gate::refuse(exchange, gate::problems::internal);  // it has become shorter, or the disk is broken
}

// Files are not counted by the general limit; requests for what is not there are, or names could be guessed without end.
void answer_missing(Exchange& exchange) {
  if (exchange.facts->is_asset && !gate::count_request(exchange)) return;
  gate::refuse(exchange, gate::problems::not_found);
}

// Put there after the start, which looks for such files as well. As if it did not exist.
void withhold(Exchange& exchange) {
  gate::security_event(exchange, "sys_exposed_file", "a file that must not be public is in a served folder",
                       ops::Severity::error);
  answer_missing(exchange);
}

// A page or a script that shows a key as an example is served.
bool may_be_private_key(const route::OpenFile& file) {
  if (file.type.active || file.coding != Coding::identity) return false;
  for (const std::string_view kind : {"image/", "font/", "audio/", "video/"}) {
    if (file.type.content_type.starts_with(kind)) return false;
  }
  return true;
}

// Keys are short texts: what is sent of a short file is looked for one, in all of it.
void read_short_file(Exchange& exchange, const route::OpenFile& file, std::uint64_t offset, std::uint64_t size) {
  if (!may_be_private_key(file)) return read_part(exchange, file.descriptor.get(), offset, size);
  read_part(exchange, file.descriptor.get(), 0, file.size);
  std::string& body = exchange.answer.body;
  if (exchange.answer.status >= 400) return;
  if (http::holds_private_key(body)) return withhold(exchange);
  body.erase(static_cast<std::size_t>(offset + size)).erase(0, static_cast<std::size_t>(offset));
}

void serve_folder(Exchange& exchange, const Route& route) {
  route::OpenFile file;
  switch (route.folder->open->open(path_within(exchange), accepted(exchange), file)) {
    case route::OpenStatus::opened:
      if (http::is_exposed_path(path_within(exchange))) return withhold(exchange);
      break;
    case route::OpenStatus::not_found:
      return answer_missing(exchange);
    case route::OpenStatus::overloaded:
      return gate::refuse_until(exchange, gate::problems::busy, 1);
  }
  gate::Answer& answer = exchange.answer;
  const bool for_everybody = route.open_to_all;
  if (file.type.active && file.type.content_type.starts_with("text/html")) {
    answer.kind = gate::ResponseClass::document_file;
    answer.varies_by_coding = true;
  } else if (!for_everybody) {
    answer.kind = gate::ResponseClass::private_asset;
  } else {
    answer.kind = file.hashed_name ? gate::ResponseClass::immutable_asset : gate::ResponseClass::asset;
  }
  send_open_file(exchange, file);
}

}  // namespace

void send_open_file(Exchange& exchange, OpenFile& file) {
  gate::Answer& answer = exchange.answer;
  const http::Validators current = file.validators(seconds_now(exchange));
  answer.etag = current.etag;
  answer.last_modified = current.last_modified.value_or(0);
  if (!conditions_hold(exchange, current)) return;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  if (!choose_part(exchange, current, file.size, offset, size)) return;
  answer.content_type = file.type.content_type;
  answer.content_coding = http::coding_name(file.coding);
  if (file.size <= kept_in_memory) return read_short_file(exchange, file, offset, size);
  if (size <= kept_in_memory) return read_part(exchange, file.descriptor.get(), offset, size);
  limits::ConnectionCounter::Permit permit;
  const auto outcome = exchange.site.open_files.admit(exchange.client, false, permit);
  if (outcome != limits::ConnectionCounter::Outcome::admitted) {
    gate::security_event(exchange, "sys_overload", "limit/files", ops::Severity::error);
    return gate::refuse_until(exchange, gate::problems::busy, 1);
  }
  answer.source = gate::BodySource::file;
  answer.file = gate::FilePart(std::move(file.descriptor), std::move(permit), offset, size);
}

void send_bytes(Exchange& exchange, std::string&& bytes, std::string_view media_type, const std::string& disposition) {
  gate::Answer& answer = exchange.answer;
  answer.kind = gate::ResponseClass::private_asset;
  answer.etag = gate::tag_of(bytes);
  if (!disposition.empty()) answer.fields.push_back({"Content-Disposition", disposition});
  const std::string tag = answer.etag;
  const http::Validators current{.etag = tag};
  if (!conditions_hold(exchange, current)) return;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  if (!choose_part(exchange, current, bytes.size(), offset, size)) return;
  answer.content_type = media_type;
  bytes.erase(static_cast<std::size_t>(offset + size)).erase(0, static_cast<std::size_t>(offset));
  answer.body = std::move(bytes);
}

gate::Outcome answer_file(Exchange& exchange) {
  const Route& route = *call_of(exchange).route;
  if (!route.is_file()) return gate::Outcome::next;
  if (route.asset) {
    serve_asset(exchange, route);
  } else {
    serve_folder(exchange, route);
  }
  return gate::Outcome::answered;
}

void open_folder(Folder& folder, ops::Findings& findings) {
  std::string problem;
  folder.open = route::StaticFolder::at(folder.path, problem);
  if (!folder.open) {
    findings.add("CFG-023", folder.path, problem, "name a folder that exists and that the service's user may read");
    return;
  }
  for (const std::string& path : http::find_exposed_files(folder.path).paths) {
    findings.add("CFG-023", folder.path + "/" + path);
  }
}

void compress_asset(Route& route) {
  constexpr std::size_t worth_it = 256;  // shorter ones fit a packet anyhow
  Asset& asset = *route.asset;
  const bool gains = asset.content_type.starts_with("text/") || asset.content_type.starts_with("image/svg");
  if (!gains || asset.bytes->size() < worth_it) return;
  static_cast<void>(http::compress(Coding::br, *asset.bytes, asset.br));  // empty where it would not be shorter
  static_cast<void>(http::compress(Coding::gzip, *asset.bytes, asset.gzip));
}

}  // namespace sallyport::route
