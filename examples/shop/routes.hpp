// The whole service, for its main and for its tests.
#pragma once

#include <sallyport/app.hpp>

namespace shop {

/// Its tables and routes.
void routes(sallyport::App& app);

// Each part adds its own.
void accounts(sallyport::App& app);
void products(sallyport::App& app);
void addresses(sallyport::App& app);
void orders(sallyport::App& app);

}  // namespace shop
