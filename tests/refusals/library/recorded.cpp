// A library with a record of how it was compiled: the tests of CFG-020 load it, built with protections and without.
#include <sallyport/detail/build_record.hpp>
