// Which IP addresses are somebody's on the Internet: what a service may call when a client has named the address.
#pragma once

#include "base/ip_range.hpp"

namespace sallyport::base {

/// Whether an address is of the public Internet and of nothing else: not of this machine, a private or shared network, a link, a benchmark or
/// documentation, no multicast, none that carries an IPv4 address inside (NAT64, 6to4, Teredo), and none of a cloud's metadata service. Of IPv6
/// only 2000::/3 is allocated (IANA), so that the rest is refused by what it is not.
[[nodiscard]] bool is_public(const IpAddress& address) noexcept;

}  // namespace sallyport::base
