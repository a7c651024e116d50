// code: EGRESS-001
// cases: 10
// What is called is an https origin that stands in the signature.
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

#ifndef CASE
using Api = sp::Outbound<"https://api.example:8443">;
using Local = sp::Outbound<"http://localhost:9000">;
#elif CASE == 1
using Api = sp::Outbound<"http://api.example">;
#elif CASE == 2
using Api = sp::Outbound<"https://api.example/">;
#elif CASE == 3
using Api = sp::Outbound<"https://api.example/v1">;
#elif CASE == 4
using Api = sp::Outbound<"https://user:password@api.example">;
#elif CASE == 5
using Api = sp::Outbound<"https://API.example">;
#elif CASE == 6
using Api = sp::Outbound<"https://api.example:443">;
#elif CASE == 7
using Api = sp::Outbound<"api.example">;
#elif CASE == 8
using Api = sp::Outbound<"https://*.example">;
#elif CASE == 9
using Api = sp::Outbound<"https://">;
#elif CASE == 10
using Api = sp::Outbound<"http://127.0.0.1.nip.io">;
#endif

sp::Task<Rate> rate(Api api) {
  const sp::OutboundAnswer answer = co_await api.get("/v1/rate");
  co_return Rate{answer.body()};
}

void routes(sp::Router& app) { app.get("/rate", sp::anyone("shows the rate"), rate); }
