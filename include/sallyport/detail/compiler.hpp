// Which compilers may build a program that uses the library: clang 16 or newer, g++ 13 or newer. g++ 12 compiles the
// coroutines of handlers wrongly without a diagnostic: docs/decisions/0026-compilers.md.
#pragma once

// clang-format off
#if defined(__clang__)
#if __clang_major__ < 16
#error "Sallyport needs clang 16 or newer, since older ones lack parts of C++20 that it uses: `apt-get install clang-16`, then `cmake --fresh -B build -DCMAKE_CXX_COMPILER=clang++-16`"
#endif
#elif defined(__GNUC__)
#if __GNUC__ < 13
#error "Sallyport needs g++ 13 or newer or clang 16 or newer, since g++ 12 miscompiles coroutines (`if (co_await ...)` loses its jump: requests hang or the process dies). Debian 12: `apt-get install clang-16`, then `cmake --fresh -B build -DCMAKE_CXX_COMPILER=clang++-16`. Debian 13, Ubuntu 24.04: `apt-get install g++`, then `cmake --fresh -B build`"
#endif
#else
#error "Sallyport needs g++ 13 or newer or clang 16 or newer, since no other compiler has been tried: `apt-get install g++` or `apt-get install clang-16`"
#endif
