// Stands between the service and the C library: functions of this program come before the library's own.
#include "support/io_failures.hpp"

#include <dlfcn.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>

// Under a sanitizer the call goes on to the sanitizer's own function, which tells it what is read and written. Not a static that is looked
// up in its initialiser: while one thread does so, the others wait by calling syscall(), which is one of these functions.
#define NEXT(name)                                                                                     \
  extern "C" __attribute__((weak)) decltype(::name) sanitizers_##name __asm__("__interceptor_" #name); \
  static decltype(&::name) next_##name() noexcept {                                                    \
    if (&sanitizers_##name) return &sanitizers_##name;                                                 \
    constinit static std::atomic<void*> found = nullptr;                                               \
    if (found == nullptr) found = ::dlsym(RTLD_NEXT, #name);                                           \
    return reinterpret_cast<decltype(&::name)>(found.load());                                          \
  }

#define OURS extern "C" __attribute__((visibility("default")))

NEXT(recv)
NEXT(recvmsg)
NEXT(read)
NEXT(readv)
NEXT(send)
NEXT(sendmsg)
NEXT(write)
NEXT(writev)
NEXT(sendfile)
NEXT(pread)
NEXT(shutdown)
NEXT(setsockopt)
NEXT(getpeername)
NEXT(socket)
NEXT(connect)
NEXT(getsockopt)
NEXT(accept)
NEXT(accept4)
NEXT(epoll_ctl)
NEXT(epoll_wait)
NEXT(syscall)

namespace sallyport::testing {
namespace {

struct Plan {
  std::atomic<bool> armed{false};
  std::atomic<FailingCalls> calls{};
  std::atomic<std::uint32_t> left{0};
  std::atomic<int> error{0};
  std::atomic<const char*> failed{nullptr};
  std::atomic<bool> transient{false};
};
Plan plan;

thread_local bool is_loop = false;

// Who waits for which descriptor. After a call that did less than it could have, its edge-triggered waiter is told again, as the kernel
// would tell it when the rest comes.
struct Watch {
  int epoll = -1;
  epoll_event event{};
};
thread_local std::array<Watch, 1024> watches{};

void tell_again(int descriptor) noexcept {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= watches.size() || watches[index].epoll < 0) return;
  epoll_event event = watches[index].event;
  next_epoll_ctl()(watches[index].epoll, EPOLL_CTL_MOD, descriptor, &event);
}

// Whether this call is the one.
bool fails(FailingCalls calls, const char* name) noexcept {
  if (!is_loop || !plan.armed || plan.calls != calls || plan.left == 0 || --plan.left > 0) return false;
  plan.failed = name;
  if (plan.error != IoFailure::only_one_byte) errno = plan.error;
  return true;
}

bool is_socket(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

// A call that moves `size` bytes: done in full by `whole`, or of one byte by `one`, or it fails.
template <class Whole, class One>
ssize_t transfer(const char* name, int socket, Whole whole, One one) {
  if (!fails(FailingCalls::connection, name)) return whole();
  if (plan.error == IoFailure::only_one_byte) {
    plan.transient = true;
    const ssize_t done = one();
    tell_again(socket);
    return done;
  }
  if (plan.error == EAGAIN || plan.error == EINTR) {
    plan.transient = true;
    tell_again(socket);
    errno = plan.error;
  }
  return -1;
}

// The first byte's place in a vector; one that has no bytes at all is passed on as it is.
iovec one_of(const iovec* parts, int count) noexcept {
  for (int i = 0; i < count; ++i) {
    if (parts[i].iov_len > 0) return {parts[i].iov_base, 1};
  }
  return {nullptr, 0};
}

msghdr one_of(const msghdr& message, iovec& part) noexcept {
  msghdr one = message;
  part = one_of(message.msg_iov, static_cast<int>(message.msg_iovlen));
  one.msg_iov = &part;
  one.msg_iovlen = 1;
  return one;
}

}  // namespace

IoFailure::IoFailure(FailingCalls calls, std::uint32_t nth, int error) noexcept {
  plan.calls = calls;
  plan.left = nth;
  plan.error = error;
  plan.failed = nullptr;
  plan.transient = false;
  plan.armed = true;
}

IoFailure::~IoFailure() { plan.armed = false; }

const char* IoFailure::failed_call() noexcept { return plan.failed; }
bool IoFailure::is_transient() noexcept { return plan.transient; }
bool IoFailure::allocation_fails() noexcept { return fails(FailingCalls::allocation, "allocation"); }

}  // namespace sallyport::testing

using namespace sallyport::testing;

OURS ssize_t recv(int fd, void* bytes, size_t size, int flags) {
  return transfer(
      "recv", fd, [&] { return next_recv()(fd, bytes, size, flags); },
      [&] { return next_recv()(fd, bytes, std::min<size_t>(size, 1), flags); });
}

OURS ssize_t recvmsg(int fd, msghdr* message, int flags) {
  return transfer(
      "recvmsg", fd, [&] { return next_recvmsg()(fd, message, flags); },
      [&] {
        iovec part{};
        msghdr one = one_of(*message, part);
        return next_recvmsg()(fd, &one, flags);
      });
}

OURS ssize_t read(int fd, void* bytes, size_t size) {
  const auto whole = [&] { return next_read()(fd, bytes, size); };
  if (!is_loop || !is_socket(fd)) return whole();
  return transfer("read", fd, whole, [&] { return next_read()(fd, bytes, std::min<size_t>(size, 1)); });
}

OURS ssize_t readv(int fd, const iovec* parts, int count) {
  const auto whole = [&] { return next_readv()(fd, parts, count); };
  if (!is_loop || !is_socket(fd)) return whole();
  return transfer("readv", fd, whole, [&] {
    const iovec one = one_of(parts, count);
    return next_readv()(fd, &one, 1);
  });
}

OURS ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  return transfer(
      "send", fd, [&] { return next_send()(fd, bytes, size, flags); },
      [&] { return next_send()(fd, bytes, std::min<size_t>(size, 1), flags); });
}

OURS ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  return transfer(
      "sendmsg", fd, [&] { return next_sendmsg()(fd, message, flags); },
      [&] {
        iovec part{};
        const msghdr one = one_of(*message, part);
        return next_sendmsg()(fd, &one, flags);
      });
}

OURS ssize_t write(int fd, const void* bytes, size_t size) {
  const auto whole = [&] { return next_write()(fd, bytes, size); };
  if (!is_loop || !is_socket(fd)) return whole();
  return transfer("write", fd, whole, [&] { return next_write()(fd, bytes, std::min<size_t>(size, 1)); });
}

OURS ssize_t writev(int fd, const iovec* parts, int count) {
  const auto whole = [&] { return next_writev()(fd, parts, count); };
  if (!is_loop || !is_socket(fd)) return whole();
  return transfer("writev", fd, whole, [&] {
    const iovec one = one_of(parts, count);
    return next_writev()(fd, &one, 1);
  });
}

OURS ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  return transfer(
      "sendfile", to, [&] { return next_sendfile()(to, from, offset, size); },
      [&] { return next_sendfile()(to, from, offset, std::min<size_t>(size, 1)); });
}

OURS ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
  if (!fails(FailingCalls::connection, "pread")) return next_pread()(fd, bytes, size, offset);
  if (plan.error != IoFailure::only_one_byte) return -1;
  plan.transient = true;
  return next_pread()(fd, bytes, std::min<size_t>(size, 1), offset);
}

// For the calls below there is no "one byte": they are not counted then.
static bool fails_whole(FailingCalls calls, const char* name) noexcept {
  return plan.error != IoFailure::only_one_byte && fails(calls, name);
}

OURS int shutdown(int fd, int how) noexcept {
  return fails_whole(FailingCalls::connection, "shutdown") ? -1 : next_shutdown()(fd, how);
}

OURS int setsockopt(int fd, int level, int name, const void* value, socklen_t size) noexcept {
  return fails_whole(FailingCalls::connection, "setsockopt") ? -1 : next_setsockopt()(fd, level, name, value, size);
}

OURS int getpeername(int fd, sockaddr* address, socklen_t* size) noexcept {
  return fails_whole(FailingCalls::connection, "getpeername") ? -1 : next_getpeername()(fd, address, size);
}

OURS int socket(int family, int type, int protocol) noexcept {
  return fails_whole(FailingCalls::connection, "socket") ? -1 : next_socket()(family, type, protocol);
}

OURS int connect(int fd, const sockaddr* address, socklen_t size) {
  return fails_whole(FailingCalls::connection, "connect") ? -1 : next_connect()(fd, address, size);
}

OURS int getsockopt(int fd, int level, int name, void* value, socklen_t* size) noexcept {
  return fails_whole(FailingCalls::connection, "getsockopt") ? -1 : next_getsockopt()(fd, level, name, value, size);
}

OURS int accept(int fd, sockaddr* address, socklen_t* size) {
  return fails_whole(FailingCalls::accept, "accept") ? -1 : next_accept()(fd, address, size);
}

OURS int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  return fails_whole(FailingCalls::accept, "accept4") ? -1 : next_accept4()(fd, address, size, flags);
}

OURS int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
  if (is_loop && is_socket(fd) && fails_whole(FailingCalls::connection, "epoll_ctl")) return -1;
  if (event && operation != EPOLL_CTL_DEL && fd >= 0 && static_cast<std::size_t>(fd) < watches.size())
    watches[static_cast<std::size_t>(fd)] = {epoll, *event};
  return next_epoll_ctl()(epoll, operation, fd, event);
}

OURS int epoll_wait(int epoll, epoll_event* events, int count, int timeout) {
  is_loop = true;
  return fails_whole(FailingCalls::wait, "epoll_wait") ? -1 : next_epoll_wait()(epoll, events, count, timeout);
}

OURS long syscall(long number, ...) noexcept {
  std::array<long, 6> arguments{};
  va_list list;
  va_start(list, number);
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  if (number == SYS_openat2 && fails_whole(FailingCalls::connection, "openat2")) return -1;
  return next_syscall()(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
