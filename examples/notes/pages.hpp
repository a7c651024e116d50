// The pages: plain HTML forms, which work without a script.
#pragma once

#include <sallyport/router.hpp>

namespace notes {

/// `/`, `/signup`, `/signin`, `/signout`, `/notes`, `/notes/:id` and its forms, and the assets they use.
sallyport::Router pages();

}  // namespace notes
