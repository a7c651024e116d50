// What a schema may not have, since nobody could tell any more whose rows there are. Looked at when a program starts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <sallyport/migrations.hpp>

#include "data/driver.hpp"

namespace sallyport::data {

class Connection;

/// The tables of the application that hold what is somebody's without saying whose: a column that is called like a person and refers to no
/// account, a table without an owner that is filled from one that has owners (a search table, a trigger, a migration), and a table of
/// members of which no entity says what they are members of. `steps` are all migrations of the program; a comment in one of them can say
/// why a finding is none:
///
///     -- books.author is not an owner: who wrote the book has no account
///     -- tags is for everybody: the words alone
///     -- members lists no members: the club's list of addresses
[[nodiscard]] std::vector<SchemaFinding> lost_owners(const Connection& connection, std::span<const Migration> steps);

}  // namespace sallyport::data
