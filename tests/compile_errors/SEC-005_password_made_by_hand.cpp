// code: SEC-005
// cases: 3
#include <sallyport/secret.hpp>

#include <optional>
#include <string_view>

namespace sp = sallyport;

constexpr unsigned char letters[] = {'l', 'e', 't', 'm', 'e', 'i', 'n'};

std::size_t control(const std::optional<sp::NewPassword>& password) {
  return password ? password->expose<"the directory server verifies it">(
                        [](std::span<const unsigned char> bytes) { return bytes.size(); })
                  : sizeof letters;
}

#if CASE == 1
sp::Password made() { return sp::Password{letters}; }
#elif CASE == 2
sp::NewPassword made() { return sp::NewPassword{letters}; }
#elif CASE == 3
sp::NewPassword made() { return sp::NewPassword(std::span<const unsigned char>(letters)); }
#endif
