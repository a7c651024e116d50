// What the kernel keeps about a handler's signature, and the functions with which it serves the templates of a handler.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/accounts_admin.hpp>
#include <sallyport/db.hpp>
#include <sallyport/detail/answer_facts.hpp>
#include <sallyport/detail/drivers.hpp>
#include <sallyport/detail/frame_maker.hpp>
#include <sallyport/response.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/stream.hpp>
#include <sallyport/task.hpp>

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport {
class Log;
struct WebhookScheme;
}  // namespace sallyport

namespace sallyport::detail {

using gate::Exchange;

// --- What the kernel does for the templates below; compiled once (src/route/parameters.cpp, src/route/answers.cpp).
// `false` means that the answer is a refusal.

bool read_body(Exchange& exchange, const TypeInfo& type, void* out);
[[nodiscard]] std::string_view form_body(const Exchange& exchange) noexcept;
/// The body of a webhook; members that `type` does not name are passed over.
bool read_signed(Exchange& exchange, const TypeInfo& type, void* out, bool form);
/// Parameters that `type` does not name: passed over, or as the handler's answer says (see `Query`).
bool read_query(Exchange& exchange, const TypeInfo& type, void* out, bool ignore_unknown);
bool read_parameter(Exchange& exchange, std::string_view name, const TypeInfo& type, void* out);
Db& writer(Exchange& exchange);
const Db& reader(Exchange& exchange);
/// The exchange as the attempts of its request know it.
[[nodiscard]] TaskContext& request_of(Exchange& exchange) noexcept;
AccountsAdmin& accounts_admin_of(Exchange& exchange);
/// Of this request; lives as long as it does, pieces of its answer included.
Log& log_of(Exchange& exchange);
void* state_of(Exchange& exchange, const void* key);
/// A token for a form of this answer; visitors get a cookie that it is bound to.
[[nodiscard]] std::string csrf_token_of(Exchange& exchange);
/// Counts the attempt before the password is verified; an invalid form (no account) is not counted. False when the account or the source has none
/// left.
[[nodiscard]] Task<bool> begin_attempt(Exchange& exchange, std::string account);

/// A generator whose pieces are the body.
void answer_pieces(Exchange& exchange, Pieces pieces, std::string_view media_type, bool events);
void answer(Exchange& exchange, Response&& response);
void answer_bytes(Exchange& exchange, std::string&& bytes, std::string_view media_type, const std::string& disposition);
void answer_empty(Exchange& exchange, int status);
void answer_not_found(Exchange& exchange);
/// 422: `member` of the input names nothing that the caller owns.
void answer_not_owned(Exchange& exchange, std::string_view member);
/// Ends the request where the frame that a handler returned was made by another function, of what is gone when the handler has returned.
void check_frame(const Exchange& exchange, const FrameMaker& maker);
/// The body that a JSON answer with `status` is appended to.
std::string& answer_json(Exchange& exchange, int status);

/// Awaited: goes on when `Exchange::body` is whole.
class WholeBody {
 public:
  explicit WholeBody(Exchange& exchange) noexcept : exchange_(exchange) {}
  [[nodiscard]] bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiter) const noexcept;
  void await_resume() const noexcept {}

 private:
  Exchange& exchange_;
};

struct Principal;
const std::shared_ptr<const Principal>& principal_of(const Exchange& exchange) noexcept;

/// Makes the types whose constructors are private: a handler that has one knows that the kernel admitted the request.
struct Admit {
  template <class To, class... From>
  static To make(From&&... from) {
    return To(std::forward<From>(from)...);
  }
  static SignedIn signed_in(const std::shared_ptr<const Principal>& principal);
};

// --- Facts of a signature

struct HandlerFacts {
  bool reads_json = false;
  bool reads_form = false;
  bool reads_query = false;
  bool writes = false;                       ///< takes `Db&`
  const DatabaseDriver* database = nullptr;  ///< of a handler that needs one
  const AccountsDriver* accounts = nullptr;  ///< of a handler that verifies or sets passwords
  bool checks_code = false;                  ///< takes `CodeAttempt`
  bool makes_code = false;                   ///< takes `Codes`
  bool begins_session = false;               ///< takes an attempt: its route can set a session (login CSRF)
  bool signs_up = false;                     ///< takes `SignUpAttempt`
  bool ends_session = false;                 ///< takes `CurrentSession`
  bool administers = false;                  ///< takes `AccountsAdmin`
  bool finds_people = false;                 ///< takes `People`
  bool wants_principal = false;              ///< takes `SignedIn` or `Maybe<SignedIn>`
  const WebhookScheme* webhook = nullptr;    ///< takes `Signed`: its body is checked under this scheme
  const TypeInfo* body = nullptr;
  std::size_t body_pieces = 0;  ///< the limit of `BodyStream`, in bytes
  bool asks_for_body = false;   ///< runs before the body is there, and asks for it
  const TypeInfo* query = nullptr;
  const AnswerFacts* answer = nullptr;
  std::string_view owned;                    ///< the entity of `Owned<T>`
  std::span<const std::string_view> owns{};  ///< the parameters of the application's own, by their types
  struct PathParameter {
    std::string_view name;
    const TypeInfo* type = nullptr;
  };
  std::vector<PathParameter> parameters;  ///< of the path, that it takes
  struct Field {
    std::string_view place;  ///< "header", "cookie", "sealed cookie", "session"
    std::string_view name;
    const TypeInfo* type = nullptr;
  };
  std::vector<Field> fields;        ///< of the request's head, that it reads
  std::vector<const void*> states;  ///< keys of the `State<T>` and `Folder` it takes
  static constexpr std::size_t most_outbound = 4;
  std::vector<std::string_view> outbound;  ///< origins of the `Outbound<…>` it takes

  void use_session() {
    wants_principal = true;
    database = &sqlite_driver;
  }
  void use_accounts() {
    database = &sqlite_driver;
    accounts = &accounts_driver;
  }
  void add_outbound(std::string_view origin) {
    if (std::find(outbound.begin(), outbound.end(), origin) == outbound.end()) outbound.push_back(origin);
  }
  [[nodiscard]] bool takes_body() const noexcept { return body != nullptr || body_pieces != 0 || webhook != nullptr; }
  void add_parameter(std::string_view name, const TypeInfo& type) {
    const auto same = [&](const PathParameter& each) { return each.name == name && each.type == &type; };
    if (std::none_of(parameters.begin(), parameters.end(), same)) parameters.push_back({name, &type});
  }
  void add_field(std::string_view place, std::string_view name, const TypeInfo& type) {
    const auto same = [&](const Field& each) { return each.place == place && each.name == name && each.type == &type; };
    if (std::none_of(fields.begin(), fields.end(), same)) fields.push_back({place, name, &type});
  }
  void add_state(const void* key) {
    if (std::find(states.begin(), states.end(), key) == states.end()) states.push_back(key);
  }
};

/// One address per type: the key of `State<T>`.
template <class T>
inline constexpr char state_key = 0;

}  // namespace sallyport::detail
