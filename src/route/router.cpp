// Collecting routes.
#include <sallyport/router.hpp>

namespace sallyport {
namespace {

std::string join(std::string_view prefix, std::string_view path) {
  if (prefix == "/") return std::string(path);
  if (path == "/") return std::string(prefix);
  return std::string(prefix).append(path);
}

template <class Entry>
void hang(std::vector<Entry>& into, std::string_view prefix, const std::vector<Entry>& entries,
          const detail::RouteChoice& choice) {
  for (Entry entry : entries) {
    entry.path = join(prefix, entry.path);
    entry.choice.merge_under(choice);
    into.push_back(std::move(entry));
  }
}

}  // namespace

void detail::RouteChoice::merge_under(const RouteChoice& outer) {
  headers.merge_under(outer.headers);
  if (!cors) cors = outer.cors;
  limits.insert(limits.end(), outer.limits.begin(), outer.limits.end());
  if (at_once == 0) at_once = outer.at_once;
}

Router& Router::use(RoutePath prefix, const Router& router) {
  hang(routes_, prefix.view(), router.routes_, router.choice_);
  hang(assets_, prefix.view(), router.assets_, router.choice_);
  hang(folders_, prefix.view(), router.folders_, router.choice_);
  return *this;
}

void Router::add_entry(detail::RouteEntry entry) { routes_.push_back(std::move(entry)); }

}  // namespace sallyport
