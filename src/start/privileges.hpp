// The privileges of the process: changes from root to the service's user, irreversibly.
#pragma once

#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <sys/types.h>

#include <string>

namespace sallyport::start {

/// The user that the process runs as once it serves.
struct ServiceUser {
  std::string name;  ///< of `server.user`; empty: the one it was started as
  uid_t id = 0;
  gid_t group = 0;
  bool changes = false;  ///< the process runs as root now
};

/// Reads `server.user`. Adds CFG-021 when the process could not become it, when it is root, or (in production) when the process
/// is root's and no user is named.
[[nodiscard]] ServiceUser service_user(const ops::Settings& settings, ops::Findings& findings);

/// Before secrets are read: no core dumps and no debugger of the same user in production (CFG-022), and never new privileges by
/// starting another program (CFG-021).
void harden_process(ops::Mode mode, ops::Findings& findings);

/// Once the ports are bound, and before threads are started: changes to the user and its groups, and in production drops
/// every capability. Adds CFG-021 when any of this fails or could be undone.
void drop_privileges(const ServiceUser& user, ops::Mode mode, ops::Findings& findings);

/// Opens files as the service's user while it lives, and as root again afterwards.
class ActAs {
 public:
  explicit ActAs(const ServiceUser& user) noexcept;
  ~ActAs();
  ActAs(const ActAs&) = delete;
  ActAs& operator=(const ActAs&) = delete;

 private:
  const bool changed_;
};

}  // namespace sallyport::start
