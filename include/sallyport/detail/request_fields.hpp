// Which request fields an application reads as they are, and which have a word of their own.
#pragma once

#include <sallyport/detail/ascii.hpp>
#include <sallyport/schema.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// Who reads a field of a request.
enum class RequestFieldOwner : unsigned char {
  application,
  not_a_name,
  cookies,
  caller,
  client,
  origin,
  body,
  caching,
  token,
  events,
  transport,
};

struct OwnedRequestField {
  std::string_view name;  ///< in lower case; with '*' at its end all that begin so
  RequestFieldOwner owner;
};

inline constexpr OwnedRequestField owned_request_fields[] = {
    {"cookie", RequestFieldOwner::cookies},
    {"cookie2", RequestFieldOwner::cookies},
    {"authorization", RequestFieldOwner::caller},
    {"x-authorization", RequestFieldOwner::caller},
    {"x-user", RequestFieldOwner::caller},
    {"x-user-id", RequestFieldOwner::caller},
    {"x-remote-user", RequestFieldOwner::caller},
    {"remote-user", RequestFieldOwner::caller},
    {"x-auth-*", RequestFieldOwner::caller},
    {"x-authenticated-*", RequestFieldOwner::caller},
    {"x-goog-authenticated-*", RequestFieldOwner::caller},
    {"x-ms-client-principal*", RequestFieldOwner::caller},
    {"x-amzn-oidc-*", RequestFieldOwner::caller},
    {"x-ssl-*", RequestFieldOwner::caller},
    {"x-client-cert*", RequestFieldOwner::caller},
    {"client-cert*", RequestFieldOwner::caller},
    {"host", RequestFieldOwner::client},
    {"x-host", RequestFieldOwner::client},
    {"forwarded", RequestFieldOwner::client},
    {"forwarded-*", RequestFieldOwner::client},
    {"x-forwarded*", RequestFieldOwner::client},
    {"x-real-ip", RequestFieldOwner::client},
    {"x-client-ip", RequestFieldOwner::client},
    {"x-cluster-client-ip", RequestFieldOwner::client},
    {"client-ip", RequestFieldOwner::client},
    {"true-client-ip", RequestFieldOwner::client},
    {"cf-connecting-*", RequestFieldOwner::client},
    {"fastly-client-*", RequestFieldOwner::client},
    {"x-azure-*ip", RequestFieldOwner::client},
    {"x-remote-*", RequestFieldOwner::client},
    {"via", RequestFieldOwner::client},
    {"user-agent", RequestFieldOwner::client},
    {"origin", RequestFieldOwner::origin},
    {"referer", RequestFieldOwner::origin},
    {"x-requested-with", RequestFieldOwner::origin},
    {"sec-fetch-*", RequestFieldOwner::origin},
    {"access-control-*", RequestFieldOwner::origin},
    {"content-*", RequestFieldOwner::body},
    {"if-none-match", RequestFieldOwner::caching},
    {"if-modified-since", RequestFieldOwner::caching},
    {"if-range", RequestFieldOwner::caching},
    {"range", RequestFieldOwner::caching},
    {"accept-encoding", RequestFieldOwner::caching},
    {"cache-control", RequestFieldOwner::caching},
    {"pragma", RequestFieldOwner::caching},
    {"x-csrf-token", RequestFieldOwner::token},
    {"x-xsrf-token", RequestFieldOwner::token},
    {"csrf-token", RequestFieldOwner::token},
    {"last-event-id", RequestFieldOwner::events},
    {"transfer-encoding", RequestFieldOwner::transport},
    {"connection", RequestFieldOwner::transport},
    {"keep-alive", RequestFieldOwner::transport},
    {"te", RequestFieldOwner::transport},
    {"trailer", RequestFieldOwner::transport},
    {"upgrade*", RequestFieldOwner::transport},
    {"expect", RequestFieldOwner::transport},
    {"proxy*", RequestFieldOwner::transport},
    {"http2-settings", RequestFieldOwner::transport},
    {"max-forwards", RequestFieldOwner::transport},
    {"x-http-method*", RequestFieldOwner::transport},
    {"x-method-override", RequestFieldOwner::transport},
    {"x-original-*", RequestFieldOwner::transport},
    {"x-rewrite-*", RequestFieldOwner::transport},
};

constexpr RequestFieldOwner request_field_owner(std::string_view name) noexcept {
  if (name.empty() || name.size() > 64) return RequestFieldOwner::not_a_name;
  for (const char c : name) {
    const bool token =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!token) return RequestFieldOwner::not_a_name;
  }
  for (const OwnedRequestField& field : owned_request_fields) {
    const std::size_t star = field.name.find('*');
    if (star == field.name.npos ? equal_ignoring_case(name, field.name)
                                : name.size() + 1 >= field.name.size() &&
                                      equal_ignoring_case(name.substr(0, star), field.name.substr(0, star)) &&
                                      equal_ignoring_case(name.substr(name.size() - (field.name.size() - star - 1)),
                                                          field.name.substr(star + 1))) {
      return field.owner;
    }
  }
  return RequestFieldOwner::application;
}

// One value, or none: no list and no struct.
template <class T>
inline constexpr bool reads_one_value = HasReader<T> && !ElementOf<T>::exists;
template <class T>
inline constexpr bool reads_one_value<Maybe<T>> = reads_one_value<T>;

}  // namespace sallyport::detail
