// The whole service, for its main and for its tests.
#pragma once

#include <sallyport/app.hpp>

namespace notes {

/// Its tables, routes and pages.
void routes(sallyport::App& app);

}  // namespace notes
