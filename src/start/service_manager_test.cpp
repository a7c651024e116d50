// What a service manager hears.
#include "start/service_manager.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

namespace sallyport::start {
namespace {

class Manager {
 public:
  explicit Manager(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    name.copy(std::begin(at.sun_path), sizeof at.sun_path - 1);
    if (name[0] == '@') at.sun_path[0] = '\0';
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&at),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())),
              0);
  }
  std::string heard() {
    std::array<char, 1024> text{};
    const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), 0);
    return size < 0 ? std::string("nothing") : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  base::Descriptor socket_;
};

TEST(ServiceManager, HearsWhenTheServiceServesReloadsAndStops) {
  const testing::TemporaryFolder folder;
  for (const std::string& name : {folder.file("notify"), "@sallyport-test-" + folder.file("x").substr(5)}) {
    Manager manager(name);
    const ServiceManager service(name.c_str());
    EXPECT_TRUE(service.present());
    service.ready("serves https://notes.example");
    EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=serves https://notes.example");
    service.reloading();
    const std::string reloading = manager.heard();
    EXPECT_TRUE(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << reloading;
    EXPECT_EQ(reloading.find_first_not_of("0123456789", sizeof "RELOADING=1\nMONOTONIC_USEC=" - 1), std::string::npos);
    service.stopping("signal\nREADY=1");
    EXPECT_EQ(manager.heard(), "STOPPING=1\nSTATUS=signal") << "one line";
    EXPECT_EQ(manager.heard(), "nothing");
  }
}

TEST(ServiceManager, IsNotAskedForWhereThereIsNone) {
  const std::string long_name = "/" + std::string(200, 'x');
  for (const char* const name :
       {static_cast<const char*>(nullptr), "", "/", "@", "relative", "vsock:2:1234", long_name.c_str()}) {
    const ServiceManager nobody(name);
    EXPECT_FALSE(nobody.present());
    nobody.ready("serves");
    nobody.reloading();
    nobody.stopping("signal");
  }
  ServiceManager("/nonexistent/socket").ready("serves");  // it has gone: nothing happens
}

TEST(ServiceManager, GetsNoMoreThanFitsAMessage) {
  const testing::TemporaryFolder folder;
  Manager manager(folder.file("notify"));
  ServiceManager(folder.file("notify").c_str()).ready(std::string(2000, 'x'));
  EXPECT_EQ(manager.heard().size(), 512U);
}

}  // namespace
}  // namespace sallyport::start
