// Site: what a connection serves. The settings and rules of the checks, and what is done with a request.
#pragma once

#include "base/descriptor_budget.hpp"
#include "gate/exchange.hpp"
#include "gate/rules.hpp"
#include "limits/connection_counter.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace sallyport::gate {

/// What has to happen before the request can go on.
enum class Progress : std::uint8_t {
  answered,    ///< the answer is there, ready to be sent
  wants_body,  ///< read what `Exchange::body_wanted` says into `Exchange::body`, then call `body_arrived`
  waiting,     ///< the exchange waits for something else; `resumed` when that has come
  piece,       ///< the next piece of an answer that is being sent is in `Exchange::answer.body`; never empty
  ended,       ///< that answer is whole
  broken,      ///< that answer can't be completed: the client must see it
};

/// Made once at start, used by every event loop.
class Site {
 public:
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  ops::Settings settings;
  const base::Clock& clock;
  Rules rules;
  /// Files that are being sent: each holds a descriptor, for as long as its client takes.
  mutable limits::ConnectionCounter open_files{base::descriptor_budget().files,
                                               base::descriptor_budget().files_per_client};

  /// The head has been read: the checks, and as much of the rest as can happen without the body.
  virtual Progress head_complete(Exchange& exchange) const noexcept = 0;
  /// What was wanted of the body is in `exchange.body`.
  virtual Progress body_arrived(Exchange& exchange) const noexcept = 0;
  /// What the exchange waited for has come (`ExchangeOwner::exchange_moved`).
  virtual Progress resumed(Exchange& exchange) const noexcept = 0;
  /// The first event of a stream is waited for (`Position::head_may_go`): makes its head the answer, without it.
  virtual void begin_events(Exchange& exchange) const noexcept = 0;
  /// The client has taken what there was of an answer with `BodySource::pieces`: make the next piece.
  virtual Progress next_piece(Exchange& exchange) const noexcept = 0;
  /// The answer has gone, or as much of it as its client took: `bytes_sent`.
  virtual void sent(Exchange& exchange) const noexcept = 0;
  /// Whether browsers add credentials to this request by themselves, whichever page caused it: then the CSRF check applies. A
  /// service asks for a cookie, or a route that begins a session; an application behind a proxy may know its user by other means.
  [[nodiscard]] virtual bool has_ambient_authority(const Exchange& exchange) const noexcept;
  /// Whether pages of this origin, which is not our own, may act for their user here. A service trusts the origins that the settings
  /// name and those that a route's CORS lets send credentials.
  [[nodiscard]] virtual bool trusts_pages_of(const Exchange& exchange, std::string_view origin) const noexcept;

  /// What this site keeps of a request.
  [[nodiscard]] virtual std::unique_ptr<Call> make_call(Exchange& exchange) const = 0;

 protected:
  Site(ops::Settings the_settings, const base::Clock& the_clock)
      : settings(std::move(the_settings)), clock(the_clock) {}
  ~Site() = default;
};

}  // namespace sallyport::gate
