// code: REDIR-006
// cases: 3
// A path without values where one with values is taken.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static sp::Html form(const sp::LocalUrl& action) {
  return sp::html<R"(<form method="post" action="{}"></form>)">(action);
}

auto use() {
#ifndef CASE
  static_cast<void>(form(sp::local_url<"/entries/{}">(7)));
  static_cast<void>(sp::Url(sp::local_url<"/entries/{}">(7)));
  static_cast<void>(sp::Response::see_other("/entries"));
  static_cast<void>(sp::Response::see_other(sp::local_url<"/entries/{}">(7)));
  return form(sp::LocalPath("/entries"));
#elif CASE == 1
  return form("/entries");
#elif CASE == 2
  return sp::LocalUrl("/entries");
#elif CASE == 3
  const sp::LocalUrl action = "/entries";
  return form(action);
#endif
}
