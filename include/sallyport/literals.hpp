// Suffixes for sizes: `5_MiB` reads better than a row of zeros.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>

namespace sallyport::literals {

consteval std::size_t operator""_KiB(unsigned long long n) { return static_cast<std::size_t>(n) << 10; }
consteval std::size_t operator""_MiB(unsigned long long n) { return static_cast<std::size_t>(n) << 20; }
consteval std::size_t operator""_GiB(unsigned long long n) { return static_cast<std::size_t>(n) << 30; }

}  // namespace sallyport::literals
