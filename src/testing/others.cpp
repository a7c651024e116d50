// Answers the calls of a tested service, and keeps what they asked.
#include "testing/others.hpp"

#include "base/character_class.hpp"

#include <utility>

namespace sallyport::test {
namespace {

using sallyport::detail::OutboundReply;
using sallyport::detail::OutboundRequest;

OutboundReply answer_of(int status, std::string body, Pairs fields) {
  OutboundReply reply;
  reply.status = status;
  reply.body = std::move(body);
  for (auto& [name, value] : fields) reply.fields.push_back({std::move(name), std::move(value)});
  return reply;
}

OutboundReply failure_of(OutboundFailure failure) {
  OutboundReply reply;
  reply.failure = failure;
  reply.reason = "the test says so";
  return reply;
}

}  // namespace

namespace detail {

std::shared_ptr<Other> Others::of(std::string_view origin) {
  const auto there = all_.find(origin);
  if (there != all_.end()) return there->second;
  return all_.emplace(std::string(origin), std::make_shared<Other>()).first->second;
}

Task<OutboundReply> Others::send(std::string_view origin, OutboundRequest request) {
  const std::shared_ptr<Other> other = of(origin);
  OutboundCall call;
  call.method = std::string(request.method);
  call.target = request.target;
  for (auto& field : request.fields) call.fields.emplace_back(std::move(field.name), std::move(field.value));
  call.body = std::move(request.body);
  if (other->once.empty() && !other->always) {
    unanswered_.append("  ").append(call.method).append(" ").append(origin).append(call.target).append("\n");
    other->calls.push_back(std::move(call));
    co_return failure_of(OutboundFailure::unreachable);
  }
  other->calls.push_back(std::move(call));
  if (other->once.empty()) co_return *other->always;
  OutboundReply reply = std::move(other->once.front());
  other->once.pop_front();
  co_return reply;
}

}  // namespace detail

std::string OutboundCall::field(std::string_view name) const {
  for (const auto& [its_name, value] : fields) {
    if (base::equal_ignoring_case(its_name, name)) return value;
  }
  return {};
}

Json OutboundCall::json(std::string_view pointer) const { return Json::parse(body).at(pointer); }

OtherService& OtherService::answers(int status, std::string body, Pairs fields) {
  other_->always = answer_of(status, std::move(body), std::move(fields));
  return *this;
}
OtherService& OtherService::answers_once(int status, std::string body, Pairs fields) {
  other_->once.push_back(answer_of(status, std::move(body), std::move(fields)));
  return *this;
}
OtherService& OtherService::fails(OutboundFailure failure) {
  other_->always = failure_of(failure);
  return *this;
}
OtherService& OtherService::fails_once(OutboundFailure failure) {
  other_->once.push_back(failure_of(failure));
  return *this;
}
const std::vector<OutboundCall>& OtherService::calls() const noexcept { return other_->calls; }

}  // namespace sallyport::test
