// What is known of a value that is bound to a query, from its type.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <string_view>

namespace sallyport::detail {

/// What the type of a value says about it.
struct SqlArgument {
  enum class Kind : unsigned char {
    value,    ///< nothing
    user,     ///< the id of a user
    owned,    ///< `OwnedId`: the id of a row of `table`, which the caller owns
    pattern,  ///< text escaped for LIKE
    words,    ///< text escaped for MATCH
    list,     ///< several values, for `IN (?...)`
    order,    ///< one of several columns, for `ORDER BY {}`
  };
  Kind kind = Kind::value;
  std::string_view table{};
  bool may_be_null = false;
};

}  // namespace sallyport::detail
