// code: STATE-002
// cases: 3
// What handlers share lives as long as the service: it owns its bytes.
#include <sallyport/sallyport.hpp>

#include <span>
#include <string>
#include <string_view>

namespace sp = sallyport;

void share(sp::App& app, sp::Db& db, const std::string& text) {
  app.provide<std::string>(text);
#if CASE == 1
  app.provide<std::string_view>(text);
#elif CASE == 2
  app.provide<sp::Db*>(&db);
#elif CASE == 3
  app.provide<std::span<const char>>(text);
#endif
  static_cast<void>(db);
}
