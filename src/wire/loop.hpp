// A serving thread: its event loop, and what the requests on it share.
#pragma once

#include "gate/loop.hpp"
#include "net/event_loop.hpp"

namespace sallyport::wire {

namespace asio = net::asio;
using net::error_code;

class Loop final : public net::EventLoop {
 public:
  Loop(const base::Clock& the_clock, ops::LogBuffer& log) : EventLoop(the_clock), gate(*this, log) {}
  ~Loop() { close(); }  // while there is a gate::Loop: connections give exchanges back to it

  gate::Loop gate;
};

}  // namespace sallyport::wire
