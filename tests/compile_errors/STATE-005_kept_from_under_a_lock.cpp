// code: STATE-005
// cases: 5
// What Locked::with answers does not look into what others change afterwards.
#include <sallyport/sallyport.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sp = sallyport;

using Names = std::map<int, std::string>;

std::string first(sp::State<sp::Locked<Names>> names) {
  const std::string copy = names->with([](const Names& all) { return all.at(1); });
#if CASE == 1
  auto& all = names->with([](Names& every) -> Names& { return every; });
#elif CASE == 2
  const std::string* name = names->with([](Names& all) { return &all[1]; });
#elif CASE == 3
  const std::string_view name = names->with([](Names& all) { return std::string_view(all[1]); });
#elif CASE == 4
  const auto place = names->with([](Names& all) { return all.find(1); });
#elif CASE == 5
  const auto name = names->with([](Names& all) { return std::optional<std::string_view>(all[1]); });
#endif
  return copy;
}
