// Where browsers send reports of violated policies.
#pragma once

#include <sallyport/router.hpp>

namespace sallyport::route {

/// The routes that every service has without registering them: `POST /.well-known/reports`.
[[nodiscard]] Router kernel_routes();

}  // namespace sallyport::route
