// Renders pages into answers.
#include "gate/pages.hpp"

#include "crypto/base64url.hpp"
#include "crypto/random.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "html/document.hpp"

#include <exception>
#include <string>

namespace sallyport::gate {

void answer_page(Exchange& exchange, const Page& page) {
  Answer& answer = exchange.answer;
  answer.status = page.status;
  answer.content_type = "text/html; charset=utf-8";
  answer.kind = page.has_scripts() ? ResponseClass::document_with_scripts : ResponseClass::document;
  if (page.has_scripts()) answer.nonce = crypto::encode_base64(crypto::random_128(), crypto::Base64::padded);
  answer.body = markup::render_document(page, answer.nonce, exchange.rules.integrity);
}

// The contrast of texts is 7:1 and more, of borders and focus 3:1, in both schemes.
std::string_view error_page_style() noexcept {
  return ":root{color-scheme:light dark;--paper:#faf9f6;--ink:#22261f;--soft:#565d54;--link:#1f4d3f}"
         "@media(prefers-color-scheme:dark){:root{--paper:#171a17;--ink:#e9ebe4;--soft:#aeb6aa;--link:#8fd0b8}}"
         "body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}"
         "main{max-width:34rem;margin:0 auto;padding:clamp(2rem,14vh,8rem) 1.25rem 2rem;overflow-wrap:anywhere}"
         "h1{font-size:1.75rem;line-height:1.25;margin:0 0 1rem}"
         "p{margin:1rem 0}"
         "a{color:var(--link);padding:.25rem 0}a:focus-visible{outline:3px solid var(--link);outline-offset:3px}"
         "small{color:var(--soft)}";
}

namespace {

struct Words {
  int status;
  std::string_view title;
  std::string_view detail;
};

// What the framework's own errors are to the person before the browser.
constexpr Words words[] = {
    {400, "That did not work", "What the browser sent was not understood. Go back and try it once more."},
    {401, "Please sign in first", "This page is for those who are signed in."},
    {403, "This is not open to you", "The page is there, but not for this account."},
    {404, "There is no such page", "The address may be mistyped, or what was here has gone."},
    {405, "This page can’t be used like that", "Start again from the first page."},
    {408, "That took too long", "The connection was too slow, or broke off. Please try it again."},
    {409, "Somebody was quicker", "What you changed has been changed meanwhile. Load it again and look."},
    {413, "That is too large", "Less was expected. Please send something smaller."},
    {414, "The address is too long", "Start again from the first page."},
    {429, "One moment, please", "That was too much in a short time. Please wait a little and try it again."},
    {431, "The browser sent too much", "Deleting the cookies of this site helps."},
    {500, "Something went wrong here", "It is not your doing, and it has been noted. Please try it again later."},
    {503, "Too busy just now", "Please try it again in a moment."},
};

// An application's Problem has words of its own.
Words words_for(const Problem& problem) noexcept {
  if (problem.title() == problem_for(problem.status()).title()) {
    for (const Words& some : words) {
      if (some.status == problem.status()) return some;
    }
  }
  return {problem.status(), problem.title(), problem.detail()};
}

}  // namespace

Page error_page(const Problem& problem, std::string_view request_id) {
  const Words said = words_for(problem);
  return Page{.title = std::string(said.title),
              .body = html<"<main><h1>{}</h1><p>{}</p><p><a href=\"/\">To the first page</a></p>"
                           "<p><small>If you ask somebody for help: error {}, request {}</small></p></main>">(
                  said.title, said.detail, problem.status(), request_id),
              .status = problem.status()};
}

void answer_error_page(Exchange& exchange, const Problem& problem) {
  if (auto* const own = exchange.rules.error_page) {
    try {
      Page page = own({problem.status(), problem.title(), problem.detail(), exchange.id()});
      page.status = problem.status();
      return answer_page(exchange, page);
    } catch (const std::exception& error) {
      log_failure(exchange, std::string("app.error_page: ") + error.what());
    } catch (...) {
      log_failure(exchange, "app.error_page threw what is no std::exception");
    }
  }
  Answer& answer = exchange.answer;
  answer.status = problem.status();
  answer.content_type = "text/html; charset=utf-8";
  answer.kind = ResponseClass::error_page;
  answer.nonce.clear();
  answer.body = markup::render_document(error_page(problem, exchange.id()), {}, {}, error_page_style());
}

}  // namespace sallyport::gate
