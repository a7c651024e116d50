// Start-up refusals over the routes of a service: limits without effect, folders within each other, a sign-in page out of reach, and routes that were not reviewed (they differ
// from the lock file).
#pragma once

#include <sallyport/app.hpp>

#include "ops/finding.hpp"
#include "route/route_table.hpp"

#include "ops/settings.hpp"

#include <string>
#include <string_view>

namespace sallyport::start {

/// CFG-031: `attempts` that admit no attempt, too many, or for too short or too long a time.
void check_attempts(const route::RouteTable& table, ops::Findings& findings);

/// CFG-023: the database, a key, the log or another file of the service lies in a served folder, whatever it is called.
/// CFG-025: a folder lies in another one, or is the same, whose policy lets in people whom its own does not: they would read its files
/// through the outer one.
void check_folders(const route::RouteTable& table, const detail::AppDefinition& definition,
                   const ops::Settings& settings, ops::Findings& findings);

/// CFG-013: a certificate, its key or its OCSP answer can't be read with the rights that the process has while it serves (`user`, the one
/// of `server.user`): it could not be renewed. Call it when the rights of root are gone.
void check_certificate_files(const ops::TlsSettings& settings, const std::string& user, ops::Findings& findings);

/// CFG-023 and CFG-024, likewise: a served folder can't be read, one in which handlers keep files, or that of the takeover's socket, can't be
/// written.
void check_folder_rights(const route::RouteTable& table, const detail::AppDefinition& definition,
                         const ops::Settings& settings, ops::Findings& findings);

/// CFG-034: no GET route serves the path of `page`, or only one that asks for a session: a browser would be sent there for ever.
/// Empty: the app names none.
void check_sign_in_page(const route::RouteTable& table, std::string_view page, ops::Findings& findings);

/// CFG-020: the program holds the test kit.
void check_test_kit(ops::Findings& findings);

/// CFG-033 and CFG-073: the public routes, or the relaxations and waivers, are not those of the lock file. `now` is what
/// policy_lock() makes of the service. A file that can't be read is CFG-033.
void check_policy_lock(const std::string& path, std::string_view now, ops::Findings& findings);

}  // namespace sallyport::start
