// What the tests of this folder share: a directory that goes away, and an event loop on the test's own thread.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sallyport/accounts.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/id.hpp>
#include <sallyport/task.hpp>

#include "data/database.hpp"
#include "data/migrate.hpp"

#include "support/run_task.hpp"
#include "support/temporary_folder.hpp"

namespace sallyport::data {

using TemporaryDirectory = sallyport::testing::TemporaryFolder;

/// The id of a caller, as the kernel makes it of a session.
inline OwnedId<User> some_caller() { return detail::Admit::make<OwnedId<User>>(Id<User>::random()); }

/// Resumes coroutines on the thread that calls `run`, as an event loop does.
class TestLoop : public test::TaskPump {
 public:
  template <class T>
  T run(Task<T> task) {
    if (!task.start(*this)) {
      while (!task.done()) pump();
    }
    return task.await_resume();
  }
  /// Starts all of them, then resumes them as their answers come.
  template <class T>
  void run_all(std::vector<detail::OwnedTask<T>>& tasks) {
    for (auto& task : tasks) task.start(*this);
    for (auto& task : tasks) {
      while (!task.done()) pump();
    }
  }
};

}  // namespace sallyport::data
