// Settings of sizes and numbers, over sockets: what a setting says is let through to the last byte, and one more is refused.
#include "ops/settings_table.hpp"
#include "support/http2_client.hpp"
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>

namespace sallyport::testing {
namespace {

std::int64_t most(std::string_view key) {
  for (const ops::Setting& setting : ops::settings_table()) {
    if (setting.key == key) return setting.max;
  }
  ADD_FAILURE() << key << " is no setting";
  return 0;
}
std::int64_t least(std::string_view key) {
  for (const ops::Setting& setting : ops::settings_table()) {
    if (setting.key == key) return setting.min;
  }
  return 0;
}

int status(SmallService& service, const std::string& bytes) {
  HttpClient client(service.port());
  client.send(bytes);
  const auto answer = client.receive();
  return answer ? answer->status : 0;
}

TEST(Sizes, HeaderCountIsTheTrueOne) {
  for (const std::int64_t value : {least("limits.header_count"), std::int64_t{64}, most("limits.header_count")}) {
    SmallService service(
        [&](ops::Settings& settings) { settings.limits.header_count = static_cast<std::uint32_t>(value); });
    const auto with = [&](std::int64_t fields) {  // Host is one of them
      std::string more;
      for (std::int64_t i = 1; i < fields; ++i) more += "X-" + std::to_string(i) + ": x\r\n";
      return service.head("GET /", more);
    };
    EXPECT_EQ(status(service, with(value)), 200) << value;
    EXPECT_EQ(status(service, with(value + 1)), 431) << value;
    const auto with2 = [&](std::int64_t fields) {
      ResponseFields more;
      for (std::int64_t i = 1; i < fields; ++i) more.emplace_back("x-" + std::to_string(i), "x");
      return Http2Client(service.port()).get("/", service.authority(), more).status;
    };
    EXPECT_EQ(with2(value), 200) << value << " over HTTP/2";
    EXPECT_EQ(with2(value + 1), 431) << value << " over HTTP/2";
  }
}

TEST(Sizes, HeaderBytesAreTheTrueOnes) {
  for (const std::int64_t value : {least("limits.header_bytes"), std::int64_t{16'384}, most("limits.header_bytes")}) {
    SmallService service([&](ops::Settings& settings) {
      settings.limits.header_bytes = static_cast<std::size_t>(value);
      settings.limits.request_line = 256;
    });
    const auto of = [&](std::int64_t bytes) {
      const std::string bare = service.head("GET /", "X-A: \r\n");
      return service.head("GET /", "X-A: " + std::string(static_cast<std::size_t>(bytes) - bare.size(), 'x') + "\r\n");
    };
    EXPECT_EQ(status(service, of(value)), 200) << value;
    EXPECT_EQ(status(service, of(value + 1)), 431) << value;
  }
}

TEST(Sizes, TheRequestLineIsTheTrueOne) {
  for (const std::int64_t value : {least("limits.request_line"), std::int64_t{8192}, std::int64_t{60'000}}) {
    SmallService service([&](ops::Settings& settings) {
      settings.limits.request_line = static_cast<std::size_t>(value);
      settings.limits.query = static_cast<std::size_t>(value);
      settings.limits.header_bytes = 65'536;
    });
    const auto of = [&](std::int64_t bytes) {
      constexpr std::string_view bare = "GET /? HTTP/1.1";
      return service.head("GET /?" + std::string(static_cast<std::size_t>(bytes) - bare.size(), 'x'));
    };
    EXPECT_EQ(status(service, of(value)), 200) << value;
    EXPECT_EQ(status(service, of(value + 1)), 414) << value;
  }
}

TEST(Sizes, BodiesAndQueriesAreTheTrueOnes) {
  SmallService service([](ops::Settings& settings) {
    settings.limits.json = settings.limits.body = 2'000'000;
    settings.limits.form = 100'000;
    settings.limits.query = 2000;
  });
  const auto body = [&](const std::string& path, const std::string& type, std::size_t size, const std::string& begin) {
    const std::string text = begin + std::string(size - begin.size(), type.ends_with("json") ? ' ' : 'x');
    return status(service, service.head("POST " + path, "Sec-Fetch-Site: same-origin\r\nContent-Type: " + type +
                                                            "\r\nContent-Length: " + std::to_string(size) + "\r\n") +
                               text);
  };
  EXPECT_EQ(body("/echo", "application/json", 2'000'000, R"({"title":"t","body":"b"})"), 200);
  EXPECT_EQ(body("/echo", "application/json", 2'000'001, R"({"title":"t","body":"b"})"), 413);
  EXPECT_EQ(body("/form", "application/x-www-form-urlencoded", 100'000, "a="), 400)
      << "read, and the member is too long";
  EXPECT_EQ(body("/form", "application/x-www-form-urlencoded", 100'001, "a="), 413);
  EXPECT_EQ(status(service, service.head("GET /?" + std::string(2000, 'x'))), 200);
  EXPECT_EQ(status(service, service.head("GET /?" + std::string(2001, 'x'))), 414);
}

TEST(Sizes, ConnectionsOfOneClient) {
  SmallService service([](ops::Settings& settings) { settings.limits.connections_per_client = 3; });
  HttpClient one(service.port());
  HttpClient two(service.port());
  for (HttpClient* const client : {&one, &two}) {
    client->send(service.head("GET /"));
    EXPECT_EQ(client->receive()->status, 200);
  }
  HttpClient three(service.port());
  three.send(service.head("GET /"));
  EXPECT_EQ(three.receive()->status, 200);
  EXPECT_EQ(status(service, service.head("GET /")), 503);
}

}  // namespace
}  // namespace sallyport::testing
