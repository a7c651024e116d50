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
          const detail::RouteOptions& options) {
  for (Entry entry : entries) {
    entry.path = join(prefix, entry.path);
    entry.options.inherit(options);
    into.push_back(std::move(entry));
  }
}

}  // namespace

void detail::RouteOptions::inherit(const RouteOptions& outer) {
  headers.inherit(outer.headers);
  if (!cors) cors = outer.cors;
  limits.insert(limits.end(), outer.limits.begin(), outer.limits.end());
  if (max_concurrent == 0) max_concurrent = outer.max_concurrent;
  if (max_stream == 0) max_stream = outer.max_stream;
  policies.insert(policies.begin(), outer.policies.begin(), outer.policies.end());
}

Router& Router::use(RoutePath prefix, const Router& router) {
  hang(routes_, prefix.view(), router.routes_, router.options_);
  hang(assets_, prefix.view(), router.assets_, router.options_);
  hang(folders_, prefix.view(), router.folders_, router.options_);
  return *this;
}

Router& Router::use_behind(RoutePath prefix, const Router& router, detail::PolicyFacts policy) {
  detail::RouteOptions options = router.options_;
  options.policies.insert(options.policies.begin(), std::move(policy));
  hang(routes_, prefix.view(), router.routes_, options);
  hang(assets_, prefix.view(), router.assets_, options);
  hang(folders_, prefix.view(), router.folders_, options);
  return *this;
}

void Router::add_entry(detail::RouteEntry entry) { routes_.push_back(std::move(entry)); }

}  // namespace sallyport
