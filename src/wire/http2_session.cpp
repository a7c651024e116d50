// An HTTP/2 connection as its driver sees it, and how its streams get one step further.
#include "wire/http2_session.hpp"

#include "wire/http2_callbacks.hpp"
#include "wire/http2_stream.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <utility>

namespace sallyport::wire {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t stream_window = 65'536;  // bytes that a client may send ahead of a handler that does not ask
constexpr std::int32_t connection_window = 1'048'576;  // and on all streams together
constexpr std::size_t input_first = 4096;
constexpr std::size_t input_most = 65'536;
constexpr std::size_t output_most = 2 * output_enough;
constexpr std::size_t frames_waiting = 256;  // frames that wait to be written: then nothing more is read

// Rapid Reset (CVE-2023-44487) opens and resets, MadeYouReset (CVE-2025-8671) has the server reset. A browser that leaves a page also
// resets the streams it waits for: that is one burst.
constexpr base::TokenBucket resets_allowed{100, 10};
// Frames that cost work without progress (CVE-2019-9512, 9515, 9518 and their kind). The window updates of a client that downloads are
// none: see `written`.
constexpr base::TokenBucket frames_allowed{1000, 100};

}  // namespace

Http2Session::Http2Session(const gate::Site& site, gate::Loop& loop, Driver& driver, const base::IpAddress& peer)
    : site_(site),
      limits_(site.settings.limits),
      head_limits_{limits_.request_line, limits_.header_bytes, limits_.header_count},
      loop_(loop),
      driver_(driver),
      peer_(peer),
      resets_(resets_allowed),
      frames_(frames_allowed),
      opened_(loop.clock.now()),
      idle_since_(opened_),
      writing_(limits_, driver) {
  deadline_ = opened_ + seconds(std::min(limits_.header_seconds, limits_.idle_seconds));
  const Callbacks::Setup& setup = Callbacks::setup();
  nghttp2_session* raw = nullptr;
  if (nghttp2_session_server_new2(&raw, setup.callbacks.get(), this, setup.options.get()) != 0) throw std::bad_alloc();
  session_.reset(raw);
  const std::array<nghttp2_settings_entry, 4> settings{
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits_.streams},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window},
       {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits_.header_bytes)},
       {NGHTTP2_SETTINGS_ENABLE_PUSH, 0}}};
  if (nghttp2_submit_settings(raw, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) != 0 ||
      nghttp2_session_set_local_window_size(raw, NGHTTP2_FLAG_NONE, 0, connection_window) != 0) {
    throw std::bad_alloc();
  }
  produce();
}

Http2Session::~Http2Session() = default;

// --- The driver's side

Session::Next Http2Session::next() noexcept {
  if (output_waits()) return Next::write;
  if (closing_) return Next::close;
  if (end_of_input_) return open_ == 0 ? Next::close : Next::wait;
  return Next::read;
}

bool Http2Session::reads_meanwhile() const noexcept {
  return !closing_ && !end_of_input_ && nghttp2_session_get_outbound_queue_size(session_.get()) < frames_waiting;
}

std::span<char> Http2Session::receive_space() {
  if (!input_) {
    input_capacity_ = input_capacity_ == 0 ? input_first : input_most;
    input_ = std::make_unique_for_overwrite<char[]>(input_capacity_);
  }
  return {input_.get(), input_capacity_};
}

void Http2Session::received(std::size_t bytes) noexcept {
  if (bytes == 0) {
    input_.reset();
    input_capacity_ = 0;
    return;
  }
  const Call call(*this);
  began_ = true;
  if (closing_) return;  // input after the end is discarded
  std::string_view rest(input_.get(), bytes);
  while (!rest.empty() && fatal_.rule.empty()) {
    bool begins = false;
    const std::size_t step = scanner_.step(rest, begins);
    if (begins) frame_begins(scanner_.frame());
    if (!fatal_.rule.empty()) break;
    const ssize_t read =
        nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(rest.data()), step);
    if (read < 0) receive_failed(static_cast<int>(read));
    if (closing_) break;
    rest.remove_prefix(step);
  }
  if (bytes == input_capacity_ && bytes < input_most)
    input_.reset();  // the client sends faster: the next read gets a larger buffer
  run();
}

void Http2Session::end_of_input() noexcept {
  const Call call(*this);
  end_of_input_ = true;
  for (const auto& stream : streams_) {
    // The rest of these requests will not come.
    const bool cut_off =
        stream->stage == Stage::head ||
        (stream->stage == Stage::open && (stream->waits == Waits::body || stream->waits == Waits::end));
    // An event stream is endless: nobody opens one and says that nothing more will be sent (decision 37).
    if (cut_off || (stream->stage == Stage::open && stream->sends_events())) reset(*stream, NGHTTP2_CANCEL);
  }
  // A client that has closed its socket answers this with a reset; one that still reads, with nothing.
  if (open_ > 0 && nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr) != 0) give_up();
  run();
}

std::string_view Http2Session::output() noexcept { return output_.view().substr(sent_); }

void Http2Session::sent(std::size_t bytes) noexcept {
  const Call call(*this);
  sent_ += bytes;
  if (writing_.waiting()) writing_.moved(now(), bytes);
  if (!output_waits()) run();
}

void Http2Session::stop() noexcept {
  const Call call(*this);
  if (std::exchange(stopping_, true)) return;
  go_away();
  for (const auto& stream : streams_) {
    // Its client connects again, to the process that serves then.
    if (stream->stage == Stage::open && stream->sends_events()) stream->end_events();
  }
  run();
}

void Http2Session::abandon() noexcept {
  const Call call(*this);
  closing_ = true;
  for (const auto& stream : streams_) stream->abandon_exchange();
}

// --- One step further

void Http2Session::run() noexcept {
  try {
    do {
      for (std::size_t i = 0; i < ready_.size(); ++i) {
        Stream& stream = *ready_[i];
        stream.is_ready = false;
        advance(stream);
      }
      ready_.clear();
      produce();
      if (!fatal_.rule.empty()) {
        terminate(fatal_.error, fatal_.rule);
        produce();
      }
    } while (!ready_.empty());
  } catch (...) {
    give_up();  // out of memory outside of a handler: only this connection ends
  }
}

void Http2Session::advance(Stream& stream) {
  const auto open = [&stream] { return stream.stage == Stage::open; };
  if (open() && stream.broken) return stream.cut(Stream::Cut::failed, "answer/file");
  if (open() && stream.fault.status != 200) return malformed(stream);
  if (open() && std::exchange(stream.head_ready, false)) stream.follow(site_.head_complete(*stream.exchange));
  if (open() && std::exchange(stream.moved, false)) stream.follow(site_.resumed(*stream.exchange));
  if (open() && stream.waits == Waits::body) stream.follow(gate::Progress::wants_body);
  if (open() && std::exchange(stream.wants_piece, false)) stream.make_piece();
}

void Http2Session::produce() {
  if (output_waits()) return;
  output_.clear(output_most);
  sent_ = 0;
  while (output_.size() < output_enough) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size < 0) return give_up();
    if (size == 0) break;
    output_.append({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  }
  const bool over = nghttp2_session_want_read(session_.get()) == 0 && nghttp2_session_want_write(session_.get()) == 0;
  if (over && !closing_) give_up();
}

}  // namespace sallyport::wire
