// Answers from files: those that the program carries, and those of a folder.
#pragma once

#include "gate/exchange.hpp"

#include <string>
#include <string_view>

namespace sallyport::route {

struct Folder;
struct Route;
class OpenFile;

/// Where the route is an asset or a folder, answers with what conditions, ranges and codings the client named.
gate::Outcome answer_file(gate::Exchange& exchange);

/// Answers with `file`, or the part that the client asked for, or 304, as its conditions say. Its descriptor is taken.
void send_open_file(gate::Exchange& exchange, OpenFile& file);

/// Answers with `bytes`, or the part that the client asked for, or 304. `disposition` is the value of the field; empty: none.
void send_bytes(gate::Exchange& exchange, std::string&& bytes, std::string_view media_type,
                const std::string& disposition);

/// Opens what the app serves from folders; what can't be opened, or must not be served, is a finding (CFG-023).
void open_folder(Folder& folder, ops::Findings& findings);

/// Makes the compressed forms of an asset, where they are shorter.
void compress_asset(Route& route);

}  // namespace sallyport::route
