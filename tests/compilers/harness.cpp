// The runs of a shape: to its end, with an exception at each place, and given up at each suspension.
#include "harness.hpp"

#include <memory>

// No shape takes out a secret, so nothing of the library is linked for it.
void sallyport::detail::EndSecrets::operator()(RequestSecrets*) const noexcept {}

namespace compilers {
namespace {

class Context final : public sp::detail::TaskContext {
 public:
  void post(sp::detail::Job&) noexcept override {}
  void resume(sp::detail::Job&) noexcept override {}
};

constexpr std::size_t forever = 1'000;

struct Outcome {
  enum { answered, threw, given_up, hangs } how;
  int answer = 0;
};

// Resumes until the end, or destroys the task at its suspension number `give_up_at`.
Outcome run(const Shape& shape, std::size_t throw_at, std::size_t give_up_at) {
  ledger = Ledger{};
  ledger.throw_at = throw_at;
  Context context;
  struct Held {
    sp::Task<int> task;
  };
  std::unique_ptr<Held> held(new Held{shape.run()});  // a task can't be moved
  std::size_t suspensions = 0;
  bool done = held->task.start(context);
  while (!done) {
    if (ledger.waiting.empty() || ++suspensions > forever) return {Outcome::hangs};
    if (suspensions == give_up_at) {
      held.reset();
      return {Outcome::given_up};
    }
    const std::coroutine_handle<> next = ledger.waiting.front();
    ledger.waiting.pop_front();
    next.resume();
    done = held->task.done();
  }
  try {
    const int answer = held->task.await_resume();
    return {Outcome::answered, answer};
  } catch (const Thrown&) {
    return {Outcome::threw};
  }
}

struct Complaint {
  std::string text;
  Known known = Known::nothing;
};

Complaint complaint(const Outcome& outcome, decltype(Outcome::how) expected, int answer) {
  if (outcome.how == Outcome::hangs) return {"never ends"};
  if (ledger.wrong != 0) return {"destroyed twice"};
  if (ledger.untaken != 0) return {"awaits the side that is not taken", Known::both_sides};
  if (!ledger.live.empty()) return {"never destroyed", Known::leak};
  if (outcome.how != expected) return {"ends in another way"};
  if (outcome.how == Outcome::answered && outcome.answer != answer) {
    return {"answers " + std::to_string(outcome.answer) + " instead of " + std::to_string(answer)};
  }
  return {};
}

bool is_known(Known seen, Known of_shape) {
#if defined(__clang__)
  if (seen == Known::both_sides) return false;
#endif
  return seen != Known::nothing && seen == of_shape;
}

}  // namespace

Verdict try_shape(const Shape& shape) {
  Verdict verdict;
  const auto note = [&](const Complaint& complaint, const std::string& when) {
    ++verdict.runs;
    if (complaint.text.empty()) return;
    std::string& text = is_known(complaint.known, shape.known) ? verdict.known : verdict.wrong;
    if (text.empty()) text = complaint.text + when;
  };

  note(complaint(run(shape, 0, 0), Outcome::answered, shape.answer), "");
  const std::size_t points = ledger.points;
  if (!verdict.known.empty()) return verdict;  // what it does wrongly would go wrong again at each place
  for (std::size_t place = 1; place <= points; ++place) {
    note(complaint(run(shape, place, 0), Outcome::threw, 0), ", with an exception at place " + std::to_string(place));
  }
  for (std::size_t suspension = 1; suspension < forever; ++suspension) {
    const Outcome outcome = run(shape, 0, suspension);
    if (outcome.how == Outcome::answered) break;
    note(complaint(outcome, Outcome::given_up, 0), ", given up at suspension " + std::to_string(suspension));
  }
  return verdict;
}

}  // namespace compilers
