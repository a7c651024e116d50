// code: OUT-004
// cases: 5
// A secret in an answer.
#include <sallyport/json.hpp>
#include <sallyport/secret.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sp = sallyport;

#if CASE == 2
using Key = std::optional<sp::SecretBytes>;
#elif CASE == 3
using Key = std::vector<sp::SecretBytes>;
#elif CASE == 5
using Key = const sp::SecretBytes;
#else
using Key = sp::SecretBytes;
#endif

struct Client {
  std::string name;
  Key key;
};
template <>
struct sp::view<Client> {
#if CASE == 1 || CASE == 2 || CASE == 3 || CASE == 5
  using show = fields<&::Client::name, &::Client::key>;
#else
  using show = fields<&::Client::name>;
  using hidden = fields<&::Client::key>;
#endif
};

std::string answer(const Client& client) {
  std::string out;
  sp::to_json(out, client);
#if CASE == 4  // by itself
  sp::to_json(out, client.key);
#endif
  return out;
}
