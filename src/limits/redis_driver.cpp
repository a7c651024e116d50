// Redis as a driver. The linker finds it by its symbol: -u sallyport_redis_driver.
#include "limits/redis_limits.hpp"
#include "limits/remote_limits.hpp"

extern "C" const sallyport::limits::RemoteLimitsDriver sallyport_redis_driver;

const sallyport::limits::RemoteLimitsDriver sallyport_redis_driver{
    .make = [](const sallyport::ops::RedisSettings& settings, sallyport::limits::RemoteLimits::OnChange on_change)
        -> std::unique_ptr<sallyport::limits::RemoteLimits> {
      return std::make_unique<sallyport::limits::RedisLimits>(settings, std::move(on_change));
    }};
