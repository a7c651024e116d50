// code: EGRESS-002
// cases: 7
// Fields that frame a message, carry a key, or are the client's own are not set by hand.
#include <sallyport/outbound.hpp>
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Rate {
  std::string text;
};
template <>
struct sp::view<Rate> {
  using show = fields<&Rate::text>;
};

sp::Task<Rate> rate(sp::Outbound<"https://api.example"> api) {
#ifndef CASE
  const sp::OutboundAnswer answer =
      co_await api.get("/v1/rate").header("Accept", "application/json").header("X-Api-Version", "7");
#elif CASE == 1
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header("Host", "metadata");
#elif CASE == 2
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header("Content-Length", "5");
#elif CASE == 3
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header("transfer-encoding", "chunked");
#elif CASE == 4
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header("Authorization", "Bearer x");
#elif CASE == 5
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header("X A", "b");
#elif CASE == 6
  const std::string name = "X-Api-Version";
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header(name, "b");
#elif CASE == 7
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate").header("X-Forwarded-For", "127.0.0.1");
#endif
  co_return Rate{answer.body()};
}

void routes(sp::Router& app) { app.get("/rate", sp::anyone("shows the rate"), rate); }
