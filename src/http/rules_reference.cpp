// Prints the parsers' tables.
#include "http/rules_reference.hpp"

#include "http/chunked_decoder.hpp"
#include "http/http1_parser.hpp"

#include <string_view>

namespace sallyport::http {
namespace {

void row(std::string& out, std::string_view rule, int status) {
  out.append("| `").append(rule).append("` | ").append(std::to_string(status)).append(" |\n");
}

}  // namespace

std::string rules_markdown() {
  std::string out =
      "# Rules of the wire\n"
      "\n"
      "<!-- Made from the tables in src/http/http1_parser.hpp and src/http/chunked_decoder.hpp. -->\n"
      "\n"
      "What a request over HTTP/1.1 can break: the `reason` of its line in the log, and the status that its client "
      "gets before\n"
      "the connection is closed.\n"
      "\n"
      "| rule of the head | status |\n"
      "|---|---|\n";
  for (std::size_t i = 1; i < detail::parse_errors.size(); ++i) {
    row(out, detail::parse_errors[i].rule, detail::parse_errors[i].status);
  }
  out += "\n| rule of a chunked body | status |\n|---|---|\n";
  for (std::size_t i = 1; i < detail::chunk_errors.size(); ++i) {
    row(out, detail::chunk_errors[i].rule, detail::chunk_errors[i].status);
  }
  out +=
      "\nWhat is taken although a stricter reader would refuse it "
      "(docs/decisions/0040-queries-as-browsers-send-them.md):\n"
      "\n"
      "| taken | how it is read |\n"
      "|---|---|\n"
      "| ``\\ ^ ` { \\| }`` in a query, raw | as themselves; `\"`, `<`, `>` and all that is not ASCII have to be "
      "escaped, in a "
      "path these six as well |\n"
      "| HTTP/1.2 to HTTP/1.9 | as HTTP/1.1 (RFC 9110 2.5) |\n"
      "| a `Host` that differs from an absolute target or `:authority` in case, in the scheme's own port or in a final "
      "dot | "
      "as the same (RFC 9110 4.2.3) |\n"
      "| one empty line before a request | it is skipped (RFC 9112 2.2) |\n";
  return out;
}

}  // namespace sallyport::http
