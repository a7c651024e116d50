// The JSON API.
#pragma once

#include <sallyport/router.hpp>

namespace notes {

/// `/users`, `/login`, `/logout`, `/me`, `/notes`, `/notes/:id`, `/search`.
sallyport::Router api();

}  // namespace notes
