// `sallyport policy`: asks a service's program who may call what.
#pragma once

#include <span>

namespace sallyport::tool {

/// The words after `sallyport policy`. Answers the exit status: 0, 1 when `--check` finds a difference, 2 when it can't be done, or
/// that of a program which refuses.
int policy(std::span<char*> words);

}  // namespace sallyport::tool
