// code: EGRESS-003
// cases: 1
// A handler that calls more services than the report has room for.
#include <sallyport/outbound.hpp>
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

#ifndef CASE
sp::Task<sp::NoContent> call(sp::Outbound<"https://a.example">, sp::Outbound<"https://b.example">,
                             sp::Outbound<"https://c.example">, sp::Outbound<"https://d.example">) {
#else
sp::Task<sp::NoContent> call(sp::Outbound<"https://a.example">, sp::Outbound<"https://b.example">,
                             sp::Outbound<"https://c.example">, sp::Outbound<"https://d.example">,
                             sp::Outbound<"https://e.example">) {
#endif
  co_return sp::NoContent{};
}

void routes(sp::Router& app) { app.post("/call", sp::anyone("for the test"), call); }
