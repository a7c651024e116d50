// A step of a request, and how a list of them is run: the same for every site.
#pragma once

#include "gate/checks.hpp"
#include "gate/site.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace sallyport::gate {

/// When a step runs, and what an answer that it makes means.
enum class Stage : std::uint8_t {
  unlimited,  ///< before the general limit: a request that is answered here is counted by it all the same
  serving,    ///< until one of these answers
  answering,  ///< for every answer, before its first byte is sent
  sending,    ///< repeated for every piece of an answer that is made in pieces
  sent,       ///< for every answer, after its last byte
};

/// What observe mode does with a refusal of the step.
enum class InObserveMode : std::uint8_t {
  enforced,     ///< the refusal is sent: the steps that follow rely on this one, or it is the application's own answer
  passed_over,  ///< it is logged with `"mode":"observe"`, and the request goes on: for decisions of the gate alone
};

struct Step {
  std::string_view name;
  Outcome (*run)(Exchange&);
  std::string_view reason;
  Stage stage = Stage::serving;
  InObserveMode in_observe_mode = InObserveMode::enforced;  ///< a row without this member is always enforced
};

/// Whether `Steps` can run a list: its stages follow each other, one row makes pieces, and a `Position` can name each row.
[[nodiscard]] consteval bool well_formed(std::span<const Step> rows) {
  std::size_t sending = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (row > 0 && rows[row].stage < rows[row - 1].stage) return false;
    if (rows[row].stage == Stage::sending) ++sending;
  }
  return sending == 1 && rows.size() <= std::numeric_limits<std::uint8_t>::max();
}

/// A check as a step.
template <Check check>
Outcome checked(Exchange& exchange) {
  return check(exchange) ? Outcome::next : Outcome::answered;
}

/// A function that never refuses, as a step.
template <void (*action)(Exchange&)>
Outcome done(Exchange& exchange) {
  action(exchange);
  return Outcome::next;
}

/// Runs the steps in their order. After a step has waited, `resumed` or `body_arrived` goes on. An exception of a step is caught
/// here: its text goes to the log, the client gets an id.
class Steps {
 public:
  explicit constexpr Steps(std::span<const Step> rows) noexcept
      : rows_(rows), answering_(first(Stage::answering)), sending_(first(Stage::sending)), sent_(first(Stage::sent)) {}

  Progress head_complete(Exchange& exchange) const noexcept;
  Progress body_arrived(Exchange& exchange) const noexcept;
  Progress resumed(Exchange& exchange) const noexcept;
  void begin_events(Exchange& exchange) const noexcept;
  Progress next_piece(Exchange& exchange) const noexcept;
  void sent(Exchange& exchange) const noexcept;

 private:
  [[nodiscard]] constexpr std::size_t first(Stage stage) const noexcept {
    std::size_t row = 0;
    while (row < rows_.size() && rows_[row].stage < stage) ++row;
    return row;
  }
  [[nodiscard]] Outcome run(Exchange& exchange, const Step& step) const;
  Progress go_on(Exchange& exchange) const;
  Progress finish(Exchange& exchange) const;
  Progress awaited(Exchange& exchange) const;
  Progress end_stream(Exchange& exchange) const;
  template <class F>
  Progress guarded(Exchange& exchange, F&& go) const noexcept;

  std::span<const Step> rows_;
  std::size_t answering_;
  std::size_t sending_;
  std::size_t sent_;
};

}  // namespace sallyport::gate
