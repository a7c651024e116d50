// The pages: plain HTML forms, which work without a script.
#pragma once

#include <sallyport/page.hpp>
#include <sallyport/router.hpp>

namespace notes {

/// `/`, `/signup`, `/signin`, `/signout`, `/notes`, `/notes/:id` and its forms, and the assets they use.
sallyport::Router pages();

/// What a browser shows when something went wrong.
sallyport::Page error_page(const sallyport::ErrorFacts& error);

}  // namespace notes
