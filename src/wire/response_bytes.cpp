// Serialises answers. Every response of an HTTP/1.1 connection, those to malformed requests included, passes through here.
#include "wire/response_bytes.hpp"

#include "gate/answer_fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::wire {
namespace {

// The status lines of every status that the kernel sends or a handler usually does.
std::string_view status_line(int status) noexcept {
  switch (status) {
    case 200:
      return "HTTP/1.1 200 OK\r\n";
    case 201:
      return "HTTP/1.1 201 Created\r\n";
    case 202:
      return "HTTP/1.1 202 Accepted\r\n";
    case 206:
      return "HTTP/1.1 206 Partial Content\r\n";
    case 204:
      return "HTTP/1.1 204 No Content\r\n";
    case 303:
      return "HTTP/1.1 303 See Other\r\n";
    case 304:
      return "HTTP/1.1 304 Not Modified\r\n";
    case 400:
      return "HTTP/1.1 400 Bad Request\r\n";
    case 308:
      return "HTTP/1.1 308 Permanent Redirect\r\n";
    case 401:
      return "HTTP/1.1 401 Unauthorized\r\n";
    case 403:
      return "HTTP/1.1 403 Forbidden\r\n";
    case 404:
      return "HTTP/1.1 404 Not Found\r\n";
    case 405:
      return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408:
      return "HTTP/1.1 408 Request Timeout\r\n";
    case 409:
      return "HTTP/1.1 409 Conflict\r\n";
    case 410:
      return "HTTP/1.1 410 Gone\r\n";
    case 412:
      return "HTTP/1.1 412 Precondition Failed\r\n";
    case 413:
      return "HTTP/1.1 413 Content Too Large\r\n";
    case 414:
      return "HTTP/1.1 414 URI Too Long\r\n";
    case 415:
      return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 416:
      return "HTTP/1.1 416 Range Not Satisfiable\r\n";
    case 417:
      return "HTTP/1.1 417 Expectation Failed\r\n";
    case 421:
      return "HTTP/1.1 421 Misdirected Request\r\n";
    case 422:
      return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 429:
      return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431:
      return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 500:
      return "HTTP/1.1 500 Internal Server Error\r\n";
    case 501:
      return "HTTP/1.1 501 Not Implemented\r\n";
    case 502:
      return "HTTP/1.1 502 Bad Gateway\r\n";
    case 504:
      return "HTTP/1.1 504 Gateway Timeout\r\n";
    case 503:
      return "HTTP/1.1 503 Service Unavailable\r\n";
    case 505:
      return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    default:
      return {};
  }
}

// An upstream has sent some of these fields itself.
void append_some_of(base::ByteBuffer& out, const gate::HeaderBlock& block, const gate::Exchange& exchange) {
  const gate::Answer& answer = exchange.answer;
  if ((answer.left_out & gate::date_row) == 0) out.append(exchange.loop.date_field());
  for (const gate::HeaderField& field : block.fields) {
    if ((field.row & answer.left_out) != 0) continue;
    if (field.after_nonce.empty()) {
      out.append_field(field.name, field.value);
      continue;
    }
    out.append(field.name);
    out.append(": ");
    out.append(field.value);
    out.append(answer.nonce);
    out.append(field.after_nonce);
    out.append("\r\n");
  }
}

}  // namespace

void append_response(base::ByteBuffer& out, const gate::Exchange& exchange, bool keep_alive, bool begun) {
  const gate::Answer& answer = exchange.answer;
  const bool in_memory = answer.source == gate::BodySource::memory;
  const std::string_view body = in_memory ? answer.bytes() : std::string_view();
  const gate::HeaderBlock& block = exchange.header_block();
  out.reserve_more(block.size + body.size() + 768);

  const std::size_t sent = begun ? 1 : 0;
  if (const std::string_view line = status_line(answer.status); !line.empty()) {
    out.append(line.substr(sent));
  } else {
    out.append(std::string_view("HTTP/1.1 ").substr(sent));
    out.append_number(static_cast<std::uint64_t>(answer.status));
    out.append(" \r\n");  // the reason phrase is optional, its space is not (RFC 9112 4)
  }
  if (answer.left_out == 0) [[likely]] {
    out.append(exchange.loop.date_field());
    out.append(block.lines);
    for (const std::string& piece : block.after_nonce) {
      out.append(answer.nonce);
      out.append(piece);
    }
  } else {
    append_some_of(out, block, exchange);
  }
  gate::for_each_field(exchange, [&](std::string_view name, std::string_view value) { out.append_field(name, value); });
  // A client of HTTP/1.0 reads a body of unknown length up to the end of the connection.
  if (answer.open_ended() && exchange.head.minor_version != 0 && !answer.bodiless()) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  if (!keep_alive) {
    out.append("Connection: close\r\n");
  } else if (exchange.head.minor_version == 0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (!answer.bodiless() && !exchange.head_only()) out.append(body);
}

}  // namespace sallyport::wire
