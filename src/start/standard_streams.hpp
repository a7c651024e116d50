// Standard input, output and error of the process, when it was started without them.
#pragma once

namespace sallyport::start {

/// Opens /dev/null in the place of those that are closed. Otherwise a database or a client's connection gets their number, and what is
/// printed or logged is written into it. To be called before anything else is opened. False: standard output was closed.
bool open_closed_streams() noexcept;

}  // namespace sallyport::start
