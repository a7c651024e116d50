// A stream of events that a test reads one by one.
#pragma once

#include <sallyport/testing/answer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sallyport::test {

namespace detail {
class Stream;
}

/// One event, as the EventSource of a browser hands it over.
struct Event {
  std::string name = "message";
  std::string data;
  std::string id;
};

/// An answer that is still being sent: `auto ticks = ada.events("/ticks"); service.clock.advance(1s); ticks.next().data`. The client leaves when it
/// is destroyed.
class EventStream {
 public:
  explicit EventStream(std::shared_ptr<detail::Stream> stream) noexcept : stream_(std::move(stream)) {}

  /// The next event; throws `Failure` where none comes unless time passes or somebody does something.
  Event next(Where where = Where::current());
  /// The same, without an event where there is none yet.
  [[nodiscard]] std::optional<Event> try_next();
  /// Whether the service has ended it. What came before is still to be read.
  [[nodiscard]] bool ended();
  /// The head of the answer, with an empty body.
  [[nodiscard]] const Answer& answer() const noexcept;
  /// The client leaves.
  void close() noexcept { stream_.reset(); }

 private:
  std::shared_ptr<detail::Stream> stream_;
};

}  // namespace sallyport::test
