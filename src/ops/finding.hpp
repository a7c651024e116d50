// Findings: why a service refuses to start, each with a stable code, a reason and the fix, all shown at once.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::ops {

/// Exit status of a service that refuses its configuration: EX_CONFIG of sysexits.h.
inline constexpr int refused_exit_status = 78;

/// The meaning of a code, and its default texts.
struct Refusal {
  std::string_view code;
  std::string_view reason;
  std::string_view fix;
  /// Whether a waiver may accept it for a time (docs/decisions/0023-waivers-and-policy-lock.md says which, and why).
  bool waivable = false;
};

/// Every refusal, in the order of its code. A fix writes a setting as `section.name = value`, which can be pasted at the top of
/// the settings file, or as the flag `--section.name=value`.
inline constexpr Refusal refusals[] = {
    {"CFG-001", "no master key",
     "make one with `sallyport keys new var/master.key`, then keys.file = \"var/master.key\" in the settings file, or "
     "--keys.file=var/master.key"},
    {"CFG-002", "the master key is weak: 32 random bytes at least, not words or repeats",
     "make a new one with `sallyport keys new new.key`, then keys.file = \"new.key\""},
    {"CFG-003", "the master key is a published sample or test value",
     "make a new one with `sallyport keys new new.key`, then keys.file = \"new.key\""},
    {"CFG-004", "others can read or replace the key file",
     "it must be a plain file, no link, owned by the service's user or root: `chmod 0400 var/master.key`"},
    {"CFG-005", "a secret was given in the environment or on the command line, where other processes can read it",
     "put it into a file with mode 0400 and name that file: keys.file = \"var/master.key\""},
    {"CFG-006", "a secret of the application can't be read",
     "write it into a file that the service's user owns, with mode 0400: var/secrets/NAME, or what NAME_FILE in the "
     "environment names"},
    {"CFG-010", "the service does not know its own origin or hosts",
     "say how browsers reach it: server.origin = \"https://notes.example\" in the settings file, or "
     "--server.origin=https://notes.example"},
    {"CFG-011", "the origin is not https", "serve over https, and say so: server.origin = \"https://notes.example\""},
    {"CFG-012", "requests would travel in the clear",
     "give it a certificate: --tls.enabled --tls.certificate=cert.pem --tls.key=key.pem; or listen on 127.0.0.1 behind "
     "a proxy that ends TLS, and name that: server.trusted_proxies = [\"127.0.0.1\"]",
     true},
    {"CFG-013", "the TLS certificate can't be used",
     "name a valid one for the origin's host: --tls.certificate=cert.pem --tls.key=key.pem"},
    {"CFG-014", "TLS older than 1.2 is broken", "tls.minimum = \"1.2\" or tls.minimum = \"1.3\""},
    {"CFG-015", "clients inside a trusted proxy range could claim any address",
     "name the proxies exactly: server.trusted_proxies = [\"10.0.0.7\"]", true},
    {"CFG-016", "browsers would forget to use https",
     "headers.hsts_seconds = 31536000 at least, which is a year; preload wants headers.hsts_subdomains = true", true},
    {"CFG-020", "the program was not built for production",
     "in CMakeLists.txt: sallyport_service(NAME SOURCE…), built with -DCMAKE_BUILD_TYPE=Release; other builds: compile "
     "with "
     "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fPIE -fstack-protector-strong "
     "-fstack-clash-protection -ftrivial-auto-var-init=zero -fcf-protection=full (ARM: -mbranch-protection=standard) "
     "and "
     "link with -pie -Wl,-z,relro,-z,now,-z,noexecstack",
     true},
    {"CFG-021", "the service would run as root, or with rights that it does not need",
     "start it as a user of its own, or name one that it becomes once the ports are bound: server.user = \"notes\""},
    {"CFG-022", "core dumps, which hold secrets, can't be turned off",
     "start it where prctl and setrlimit are allowed"},
    {"CFG-023", "a folder that is served contains files that must not be public",
     "serve a folder made for it: no version control, settings, keys, backups, databases or source code in it"},
    {"CFG-024", "the configuration has a mistake", "see `--help` for every setting"},
    {"CFG-025", "a folder for some people lies in a served folder that more people may read",
     "move it out, so that the folders lie beside each other: app.files(\"/\", sp::anyone(\"the site\"), "
     "\"site/public\") "
     "and app.files(\"/reports\", sp::role(\"auditor\"), \"site/reports\")"},
    {"CFG-026", "a text of a client could hold an event loop for hours",
     "match by RE2, whose time is linear, or compare by hand; a program that matches texts of its own alone may waive "
     "it: "
     "app.waive(\"CFG-026\", \"only the names of our own files are matched\", \"2027-03-31\")",
     true},
    {"CFG-030", "a route can't be served as written", "give every route a policy and a path of its own"},
    {"CFG-031", "a limit of a route has no effect, or can't be counted",
     "see docs/guide.md, Limits, for the bounds; counted in this process alone: limits.store = \"memory\""},
    {"CFG-032", "the log can't be written",
     "name a file that the service's user can append to: log.file = \"var/notes.log\""},
    {"CFG-033", "the public routes are not those of the lock file",
     "review the difference, then write the file again, with the flags that the service is started with: sallyport "
     "policy --lock FILE PROGRAM [FLAG…]"},
    {"CFG-034", "nobody could reach the sign-in page that the app names",
     "give the path that app.sign_in_page names a GET route with sp::anyone(\"why\")"},
    {"CFG-035", "calls of other services can't be made as they should",
     "name certificates in PEM, readable by the service's user: outbound.ca = \"/etc/ssl/internal.pem\"; only in "
     "development something "
     "else is called: outbound.instead = [\"https://api.example=http://127.0.0.1:9000\"]"},
    {"CFG-040", "sessions would live too long",
     "idle at most as long as absolute, absolute at most 30 days: --sessions.idle-minutes=30 "
     "--sessions.absolute-hours=8"},
    {"CFG-041", "passwords can't be hashed as they should",
     "choose what this machine can do, at least --password.memory-kib=19456 --password.iterations=2", true},
    {"CFG-043", "an origin is trusted that is not named exactly",
     "name https origins exactly, as a browser sends them: csrf.trusted_origins = [\"https://app.example\"]"},
    {"CFG-044", "a security policy would be weakened",
     "name exact https sources, as in headers.csp = \"img-src 'self' https://cdn.example\" or "
     "headers.permissions_policy = \"camera=(self)\"; see docs/guide.md, Headers"},
    {"CFG-051", "a limit is unlimited or above its cap", "choose a value between the bounds"},
    {"CFG-061", "the database does not have the tables that this program was built for",
     "migrations run at start by themselves: leave those that have run as they were and add new ones at the end, or "
     "name the right file (in development: delete it): database.path = \"var/notes.db\""},
    {"CFG-062", "rows of the database are somebody's, and nobody can tell whose",
     "say whose: owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE in CREATE TABLE; or why "
     "nobody's, in a "
     "new migration: \"-- books.author is not an owner: who wrote the book has no account\""},
    {"CFG-070", "the random numbers or the clock of this machine can't be trusted",
     "see that getrandom works and that the clock is set"},
    {"CFG-071", "the cryptographic library is too old, or not the one that was built against",
     "update the package libssl3 and build again", true},
    {"CFG-073", "the relaxations and waivers are not those of the lock file",
     "review the difference, then write the file again, with the flags that the service is started with: sallyport "
     "policy --lock FILE PROGRAM [FLAG…]"},
};

/// A code of the table above, checked while compiling.
class RefusalCode {
 public:
  consteval RefusalCode(const char* code) : index_(find(code)) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr const Refusal& refusal() const noexcept { return refusals[index_]; }

 private:
  static consteval std::size_t find(std::string_view code) {
    for (std::size_t i = 0; i < std::size(refusals); ++i) {
      if (refusals[i].code == code) return i;
    }
    throw "CFG: no such code: add it to refusals in ops/finding.hpp";
  }
  std::size_t index_;
};

/// One thing that is wrong. Holds names and bounds, never values: a value may be a secret in the wrong place.
struct Finding {
  std::string_view code;  ///< "CFG-001"
  std::string where;      ///< the setting, flag, variable or file and line
  std::string reason;     ///< one sentence part, no full stop
  std::string fix;
  bool waivable = false;     ///< a waiver of the code suppresses it
  bool waiver_told = false;  ///< the reason says why the waiver that there is does not hold
};

/// Collects findings, so that all of them can be fixed at once.
class Findings {
 public:
  /// With the texts of the table.
  void add(RefusalCode code, std::string where);
  /// With texts for this case.
  void add(RefusalCode code, std::string where, std::string reason, std::string fix = {});

  /// With texts for a case that can't be waived although its code can.
  void add_unwaivable(RefusalCode code, std::string where, std::string reason, std::string fix = {});
  void add(Finding finding);
  /// Drops those for which `keep(Finding&)` is false.
  template <class Keep>
  void keep_if(Keep&& keep) {
    std::erase_if(list_, [&](Finding& finding) { return !keep(finding); });
  }

  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] const std::vector<Finding>& list() const noexcept { return list_; }

  /// For a person: a heading, then two lines for each finding, aligned. Control characters are shown as `?`.
  [[nodiscard]] std::string text(std::string_view program) const;
  /// For `--check`: `{"ok":false,"findings":[{"code":…,"where":…,"reason":…,"fix":…}],"waivers":[…]}` and a line feed;
  /// `waivers` is the list as JSON.
  [[nodiscard]] std::string json(std::string_view waivers = "[]") const;

 private:
  std::vector<Finding> list_;
};

/// Appends `text` with `?` for control characters: names and reasons come from the command line and from files, and none of
/// them may send control sequences to the terminal.
void append_printable(std::string& out, std::string_view text);

/// The reference of all codes in Markdown: docs/refusals.md.
[[nodiscard]] std::string refusals_markdown();

}  // namespace sallyport::ops
