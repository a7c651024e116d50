// `sallyport users`: the accounts of a service, for its operator.
#pragma once

#include <span>

namespace sallyport::tool {

/// The words after `sallyport users`. Answers the exit status: 0, 1 when there is no such account or it can't be changed, 2 when the words
/// or the database are wrong.
int users(std::span<char*> words);

}  // namespace sallyport::tool
