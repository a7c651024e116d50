// code: SCHEMA-006
// cases: 5
// Bounds that nothing fits in, and constants outside their bounds.
#include <sallyport/number.hpp>
#include <sallyport/text.hpp>

namespace sp = sallyport;

#if CASE == 1
std::optional<sp::Text<5, 1>> text;
#elif CASE == 2
std::optional<sp::Int<5, 1>> number;
#elif CASE == 3
sp::Int<1, 100> page = 0;
#elif CASE == 4
sp::Real<0, 1> share = 1.5;
#elif CASE == 5
std::optional<sp::Line<0, 2'000'000>> book;
#else
std::optional<sp::Text<1, 5>> text;
sp::Int<1, 100> page = 1;
sp::Real<0, 1> share = 0.5;
#endif

#if CASE == 1
auto use() { return text->view(); }
#elif CASE == 2
auto use() { return number->value(); }
#elif CASE == 5
auto use() { return book->view(); }
#endif
