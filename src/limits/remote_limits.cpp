// A weak reference alone brings nothing in: the target sallyport::redis has the linker ask for the symbol.
#include "limits/remote_limits.hpp"

extern "C" [[gnu::weak]] const sallyport::limits::RemoteLimitsDriver sallyport_redis_driver;

namespace sallyport::limits {

const RemoteLimitsDriver* redis_driver() noexcept { return &sallyport_redis_driver; }

}  // namespace sallyport::limits
