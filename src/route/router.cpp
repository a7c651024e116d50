// Collecting routes.
#include <sallyport/router.hpp>

namespace sallyport {
namespace {

std::string join(std::string_view prefix, std::string_view path) {
  if (prefix == "/") return std::string(path);
  if (path == "/") return std::string(prefix);
  return std::string(prefix).append(path);
}

}  // namespace

Router& Router::asset(RoutePath path, AssetType type, std::string_view bytes) {
  assets_.push_back({std::string(path.view()), type, bytes});
  return *this;
}

Router& Router::use(RoutePath prefix, const Router& router) {
  for (detail::RouteEntry entry : router.routes_) {
    entry.path = join(prefix.view(), entry.path);
    routes_.push_back(std::move(entry));
  }
  for (detail::AssetEntry entry : router.assets_) {
    entry.path = join(prefix.view(), entry.path);
    assets_.push_back(std::move(entry));
  }
  for (detail::FolderEntry entry : router.folders_) {
    entry.path = join(prefix.view(), entry.path);
    folders_.push_back(std::move(entry));
  }
  return *this;
}

void Router::add_entry(detail::RouteEntry entry) { routes_.push_back(std::move(entry)); }

}  // namespace sallyport
