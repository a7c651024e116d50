// One datagram for each message.
#include "start/service_manager.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace sallyport::start {

ServiceManager::ServiceManager(const char* socket) noexcept {
  const std::string_view name = socket ? socket : "";
  if (name.size() < 2 || name.size() >= sizeof to_.sun_path || (name[0] != '/' && name[0] != '@')) return;
  to_.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), std::begin(to_.sun_path));
  if (name[0] == '@') to_.sun_path[0] = '\0';  // in the abstract namespace
  to_size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  socket_ = base::Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

void ServiceManager::reloading() const noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  std::array<char, 32> micros{};
  const int size = std::snprintf(micros.data(), micros.size(), "%lld",
                                 static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000);
  tell("RELOADING=1\nMONOTONIC_USEC=", {micros.data(), static_cast<std::size_t>(std::max(size, 0))});
}

void ServiceManager::tell(std::string_view state, std::string_view text) const noexcept {
  if (!socket_) return;
  std::array<char, 512> message{};
  std::size_t size = state.copy(message.data(), message.size());
  size += text.substr(0, text.find('\n')).copy(message.data() + size, message.size() - size);
  (void)::sendto(socket_.get(), message.data(), size, MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to_), to_size_);
}

}  // namespace sallyport::start
