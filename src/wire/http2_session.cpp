// The life of an HTTP/2 connection: streams come and go, each with its request; the peer's manners are watched all the while.
#include "wire/http2_session.hpp"

#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "gate/site.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
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
constexpr std::size_t body_kept = 65'536;       // memory that a stream may keep between requests
constexpr seconds last_word{2};                 // for a client to see that its body is not wanted
constexpr std::size_t frames_waiting = 256;     // frames that wait to be written: then nothing more is read
constexpr std::size_t resets_remembered = 128;  // streams that we reset, for which frames may still be on their way

// Rapid Reset (CVE-2023-44487) opens and resets, MadeYouReset (CVE-2025-8671) has the server reset. A browser that leaves a page resets
// what it still waits for: a burst, and then no more.
constexpr base::TokenBucket resets_allowed{100, 10};
// Frames that cost work and bring nothing forward (CVE-2019-9512, 9515, 9518 and their kind). A client that downloads sends window updates, up to
// two for each DATA frame: those are given back.
constexpr base::TokenBucket frames_allowed{1000, 100};
constexpr std::size_t frame_worth = 1024;  // bytes of DATA that make a frame count as progress

// nghttp2's own limits, behind ours.
constexpr std::size_t acks_most = 1000;
constexpr std::size_t settings_most = 32;
constexpr std::size_t continuations_most = 8;

constexpr http::HeadVerdict length_mismatch{0, "h2/length_mismatch"};
constexpr http::HeadVerdict trailers_open{0, "h2/trailers_open"};

// RFC 9113 7: for what nghttp2 finds wrong by itself.
std::string_view rule_of(std::uint32_t error) noexcept {
  switch (error) {
    case NGHTTP2_PROTOCOL_ERROR:
      return "h2/protocol_error";
    case NGHTTP2_FLOW_CONTROL_ERROR:
      return "h2/flow_control";
    case NGHTTP2_STREAM_CLOSED:
      return "h2/stream_closed";
    case NGHTTP2_FRAME_SIZE_ERROR:
      return "h2/frame_size";
    case NGHTTP2_COMPRESSION_ERROR:
      return "h2/compression";
    case NGHTTP2_REFUSED_STREAM:
      return "limit/streams";
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return "h2/calm";
    default:
      return "h2/internal";
  }
}

}  // namespace

// --- A stream

enum class Http2Session::Stage : std::uint8_t {
  free,
  head,    // its header block is arriving
  open,    // its request is served
  dead,    // reset, and waits for that to be sent
  orphan,  // gone, but work for it goes on elsewhere
};

// What a request waits for.
enum class Http2Session::Waits : std::uint8_t {
  nothing,
  body,
  work,
  end,  // all has been answered: the client's last word is missing
};

struct Http2Session::StreamState {
  std::int32_t id = 0;
  Stage stage = Stage::free;
  Waits waits = Waits::nothing;
  bool ended = false;        // the client has sent all of the request
  bool fresh = false;        // its head has arrived
  bool moved = false;        // its exchange has gone on
  bool hungry = false;       // the next piece of the answer can be sent
  bool body_begun = false;   // somebody has asked for the request's body
  bool answered = false;     // the answer's head is on its way
  bool last = false;         // nothing follows `rest`
  bool piece_waits = false;  // a piece is there, behind `rest`
  bool broken = false;       // the answer can't be completed
  bool told = false;         // the log knows what was wrong
  http::HeadVerdict fault{200, {}};
  std::uint64_t arrived = 0;  // bytes of the request's body
  std::size_t held = 0;       // bytes that have arrived and were not given back to the client's window
  std::size_t lent = 0;       // those of them that the handler has
  std::size_t drained = 0;    // bytes that nobody wants
  std::string_view rest;      // what is to be sent, from memory
  Time due{};                 // of what is waited for
  Time whole_by{};            // of a whole body
  Time written_by{};
  Time events_until{};
};

class Http2Session::Stream final : public StreamState, public gate::ExchangeOwner {
 public:
  Stream(Http2Session& the_session, const gate::Site& site)
      : session(the_session),
        exchange(site, the_session.loop_, *this, the_session.peer_),
        head(the_session.head_limits_),
        reading(fresh_reading()),
        writing(fresh_writing()) {}

  void begin(std::int32_t the_id) noexcept {
    static_cast<StreamState&>(*this) = StreamState{};
    id = the_id;
    stage = Stage::head;
    head.begin();
    body.clear();
    piece.clear();
    reading = fresh_reading();
    begin_writing();
  }
  void begin_writing() noexcept { writing = fresh_writing(); }
  /// The request's body still has somebody who may ask for it.
  [[nodiscard]] bool wants_input() const noexcept {
    return stage == Stage::open && (!answered || exchange.call->makes_more());
  }

  void exchange_moved(gate::Exchange&) noexcept override;
  std::shared_ptr<void> hold() noexcept override { return session.driver_.hold(); }

  Http2Session& session;
  gate::Exchange exchange;
  http::Http2Head head;
  std::string body;   // has arrived, nobody has it yet; or all of it, for a handler that wants it whole
  std::string piece;  // what the handler has
  base::MinimumRate reading;
  base::MinimumRate writing;
  bool in_news = false;

 private:
  [[nodiscard]] base::MinimumRate fresh_reading() const noexcept {
    return {seconds(session.limits_.body_grace_seconds), session.limits_.body_bytes_per_second};
  }
  [[nodiscard]] base::MinimumRate fresh_writing() const noexcept {
    return {seconds(session.limits_.write_seconds), session.limits_.write_bytes_per_second};
  }
};

// A call from outside. The time is read once in it.
class Http2Session::Call {
 public:
  explicit Call(Http2Session& session) noexcept : session_(session) {
    if (session_.depth_++ == 0) session_.now_.reset();
  }
  ~Call() { --session_.depth_; }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  Http2Session& session_;
};

// --- What nghttp2 calls

struct Http2Session::Callbacks {
  static Http2Session& session_of(void* user) noexcept { return *static_cast<Http2Session*>(user); }

  // No exception may pass through nghttp2.
  template <class F>
  static int guarded(F&& step) noexcept {
    try {
      return step();
    } catch (...) {
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }

  static int begin_headers(nghttp2_session* raw, const nghttp2_frame* frame, void* user) noexcept {
    return guarded([&] {
      Http2Session& session = session_of(user);
      const std::int32_t id = frame->hd.stream_id;
      if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
        if (Stream* const stream = session.stream_of(id)) stream->head.begin_trailers();
        return 0;
      }
      Stream* const stream = session.acquire(id);
      if (!stream) {
        nghttp2_submit_rst_stream(raw, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
        return static_cast<int>(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE);
      }
      return nghttp2_session_set_stream_user_data(raw, id, stream);
    });
  }

  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept {
    return guarded([&] {
      if (Stream* const stream = session_of(user).stream_of(frame->hd.stream_id)) {
        stream->head.add({reinterpret_cast<const char*>(name), name_size},
                         {reinterpret_cast<const char*>(value), value_size});
      }
      return 0;
    });
  }

  static int data_chunk(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size,
                        void* user) noexcept {
    return guarded([&] {
      Http2Session& session = session_of(user);
      if (Stream* const stream = session.stream_of(id)) {
        session.data_arrived(*stream, {reinterpret_cast<const char*>(data), size});
        return 0;
      }
      return nghttp2_session_consume_connection(session.session_.get(), size);
    });
  }

  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
    return guarded([&] {
      Http2Session& session = session_of(user);
      const bool ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
      if (frame->hd.type == NGHTTP2_SETTINGS) session.greeted_ = true;
      if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
      if (frame->hd.type == NGHTTP2_DATA && !ended && frame->hd.length == frame->data.padlen) {
        session.spend(session.frames_, "h2/frames");
        return 0;
      }
      Stream* const stream = session.stream_of(frame->hd.stream_id);
      if (!stream) return 0;
      if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
        session.head_arrived(*stream, ended);
        return 0;
      }
      if (frame->hd.type == NGHTTP2_HEADERS && stream->fault.status == 200) {
        stream->fault = ended ? stream->head.finish_trailers() : trailers_open;
      }
      if (ended) session.end_arrived(*stream);
      if (stream->fault.status != 200 && stream->answered) {
        session.malformed(
            *stream);  // at once: if this was the end of both sides, nghttp2 is about to forget the stream
      } else {
        session.news_of(*stream);
      }
      return 0;
    });
  }

  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
    return guarded([&] {
      Http2Session& session = session_of(user);
      switch (frame->hd.type) {
        case NGHTTP2_HEADERS:
        case NGHTTP2_DATA:
          if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) break;
          if (Stream* const stream = session.stream_of(frame->hd.stream_id)) session.answer_sent(*stream);
          break;
        case NGHTTP2_RST_STREAM:
          session.reset_sent(frame->hd.stream_id, frame->rst_stream.error_code);
          break;
        case NGHTTP2_GOAWAY:
          if (frame->goaway.error_code == NGHTTP2_NO_ERROR || std::exchange(session.told_, true)) break;
          session.connection_event(rule_of(frame->goaway.error_code));
          break;
        default:
          break;
      }
      return 0;
    });
  }

  static int frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) noexcept {
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    Http2Session& session = session_of(user);
    // More fields than a header block may have: the client must not wait for them.
    if (Stream* const stream = session.stream_of(frame->hd.stream_id)) session.reset(*stream, NGHTTP2_INTERNAL_ERROR);
    return 0;
  }

  static int stream_close(nghttp2_session* raw, std::int32_t id, std::uint32_t, void* user) noexcept {
    if (auto* const stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(raw, id))) {
      session_of(user).stream_closed(*stream);
    }
    return 0;
  }

  // There is nothing to send yet; `advance` sees to it.
  static ssize_t later(Stream& stream) noexcept {
    return guarded([&] {
      stream.session.news_of(stream);
      return static_cast<int>(NGHTTP2_ERR_DEFERRED);
    });
  }

  static ssize_t read_file(Stream& stream, std::uint8_t* out, std::size_t size, std::uint32_t* flags) noexcept {
    gate::FilePart& part = stream.exchange.answer.file;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, part.size));
    const ssize_t bytes = ::pread(part.descriptor.get(), out, wanted, static_cast<off_t>(part.offset));
    if (bytes <= 0) {  // it has become shorter
      stream.broken = true;
      return later(stream);
    }
    const auto read = static_cast<std::size_t>(bytes);
    part.offset += read;
    part.size -= read;
    if (part.size == 0) *flags |= NGHTTP2_DATA_FLAG_EOF;
    stream.session.written(stream, read, part.size != 0);
    return bytes;
  }

  static ssize_t read(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t size, std::uint32_t* flags,
                      nghttp2_data_source* source, void*) noexcept {
    Stream& stream = *static_cast<Stream*>(source->ptr);
    if (stream.exchange.answer.source == gate::BodySource::file) return read_file(stream, out, size, flags);
    if (stream.rest.empty() && stream.piece_waits) {
      stream.piece_waits = false;
      stream.rest = stream.exchange.answer.body;
    }
    if (stream.rest.empty() && !stream.last) {
      if (stream.waits != Waits::nothing) return NGHTTP2_ERR_DEFERRED;  // the next piece is being made
      stream.hungry = true;
      return later(stream);
    }
    const std::size_t bytes = std::min(size, stream.rest.size());
    if (bytes == stream.rest.size() && stream.last && !stream.piece_waits) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (bytes > 0) *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    return static_cast<ssize_t>(bytes);
  }

  // The bytes go from where they are to the output, without a stop at nghttp2's.
  static int send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* frame_header, std::size_t size,
                       nghttp2_data_source* source, void* user) noexcept {
    return guarded([&] {
      constexpr std::size_t header_size = 9;  // RFC 9113 4.1
      Http2Session& session = session_of(user);
      Stream& stream = *static_cast<Stream*>(source->ptr);
      if (stream.stage != Stage::open || stream.rest.size() < size) {
        return static_cast<int>(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE);
      }
      if (session.output_.size() >= output_enough) return static_cast<int>(NGHTTP2_ERR_WOULDBLOCK);
      session.output_.reserve_more(header_size + size);
      session.output_.append({reinterpret_cast<const char*>(frame_header), header_size});
      session.output_.append(stream.rest.substr(0, size));
      stream.rest.remove_prefix(size);
      session.written(stream, size, !stream.rest.empty());
      return 0;
    });
  }

  struct Made {
    std::unique_ptr<nghttp2_session_callbacks, decltype(&nghttp2_session_callbacks_del)> callbacks{
        nullptr, nghttp2_session_callbacks_del};
    std::unique_ptr<nghttp2_option, decltype(&nghttp2_option_del)> options{nullptr, nghttp2_option_del};

    Made() {
      nghttp2_session_callbacks* made = nullptr;
      if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
      callbacks.reset(made);
      nghttp2_session_callbacks_set_on_begin_headers_callback(made, begin_headers);
      nghttp2_session_callbacks_set_on_header_callback(made, header);
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, data_chunk);
      nghttp2_session_callbacks_set_on_frame_recv_callback(made, frame_received);
      nghttp2_session_callbacks_set_on_frame_send_callback(made, frame_sent);
      nghttp2_session_callbacks_set_on_frame_not_send_callback(made, frame_not_sent);
      nghttp2_session_callbacks_set_on_stream_close_callback(made, stream_close);
      nghttp2_session_callbacks_set_send_data_callback(made, send_data);

      nghttp2_option* chosen = nullptr;
      if (nghttp2_option_new(&chosen) != 0) throw std::bad_alloc();
      options.reset(chosen);
      nghttp2_option_set_no_auto_window_update(chosen, 1);
      // All fields come to Http2Head, which is stricter and knows the rule's name.
      nghttp2_option_set_no_http_messaging(chosen, 1);
      nghttp2_option_set_no_closed_streams(chosen, 1);
      nghttp2_option_set_max_outbound_ack(chosen, acks_most);
      nghttp2_option_set_max_settings(chosen, settings_most);
      nghttp2_option_set_max_continuations(chosen, continuations_most);
      nghttp2_option_set_stream_reset_rate_limit(chosen, 1000, 33);
    }
  };
  static const Made& made() {
    static const Made once;
    return once;
  }
};

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
      writing_(seconds(limits_.write_seconds), limits_.write_bytes_per_second) {
  deadline_ = opened_ + seconds(std::min(limits_.header_seconds, limits_.idle_seconds));
  const Callbacks::Made& made = Callbacks::made();
  nghttp2_session* raw = nullptr;
  if (nghttp2_session_server_new2(&raw, made.callbacks.get(), this, made.options.get()) != 0) throw std::bad_alloc();
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
  const Call call(*this);
  began_ = true;
  if (closing_) return;  // what comes after the end is nobody's
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
  if (bytes == input_capacity_ && bytes < input_most) input_.reset();  // there is more where that came from
  run();
}

// Seen before nghttp2 does: it ignores some frames without a word.
void Http2Session::frame_begins(const http::FrameHeaderScanner::Frame& frame) noexcept {
  switch (frame.type) {
    case NGHTTP2_DATA:
    case NGHTTP2_HEADERS:
      if (!may_still_arrive(frame.stream)) {
        fatal_ = {NGHTTP2_STREAM_CLOSED, "h2/stream_closed"};
      } else if (frame.stream <= nghttp2_session_get_last_proc_stream_id(session_.get()) &&
                 nghttp2_session_find_stream(session_.get(), frame.stream) == nullptr) {
        spend(frames_, "h2/frames");  // of a stream that we have reset: on its way, or for ever
      }
      break;
    case NGHTTP2_RST_STREAM:
      spend(resets_, "h2/resets");
      break;
    default:
      spend(frames_, "h2/frames");
      break;
  }
}

void Http2Session::spend(base::TokenBucket& allowance, std::string_view rule) noexcept {
  if (!allowance.spend(now())) fatal_ = {NGHTTP2_ENHANCE_YOUR_CALM, rule};
}

void Http2Session::receive_failed(int error) noexcept {
  switch (error) {
    case NGHTTP2_ERR_BAD_CLIENT_MAGIC:
      return terminate(NGHTTP2_PROTOCOL_ERROR, "h2/preface");
    case NGHTTP2_ERR_FLOODED:
      return terminate(NGHTTP2_ENHANCE_YOUR_CALM, "h2/frames");
    case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS:
      return terminate(NGHTTP2_ENHANCE_YOUR_CALM, "h2/continuations");
    default:
      return give_up();
  }
}

void Http2Session::end_of_input() noexcept {
  const Call call(*this);
  end_of_input_ = true;
  for (const auto& stream : streams_) {
    // The rest of these requests will not come.
    const bool cut_off =
        stream->stage == Stage::head ||
        (stream->stage == Stage::open && (stream->waits == Waits::body || stream->waits == Waits::end));
    if (cut_off) reset(*stream, NGHTTP2_CANCEL);
  }
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
    // Its client connects again, to whoever serves then.
    if (stream->stage == Stage::open && stream->answered && stream->exchange.answer.events) answer_ended(*stream);
  }
  run();
}

void Http2Session::abandon() noexcept {
  const Call call(*this);
  closing_ = true;
  for (const auto& stream : streams_) stream->exchange.abandon();
}

// --- Streams

Http2Session::Stream* Http2Session::stream_of(std::int32_t id) noexcept {
  auto* const stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
  return stream && (stream->stage == Stage::head || stream->stage == Stage::open) ? stream : nullptr;
}

// Null: there are as many as may be, or no more are wanted.
Http2Session::Stream* Http2Session::acquire(std::int32_t id) {
  if (gone_away_) return nullptr;
  if (free_.empty() && streams_.size() >= limits_.streams) collect_orphans();
  if (free_.empty()) {
    if (streams_.size() >= limits_.streams) return nullptr;
    free_.reserve(streams_.size() + 1);  // `release` must not fail
    streams_.push_back(std::make_unique<Stream>(*this, site_));
    free_.push_back(streams_.back().get());
  }
  Stream* const stream = free_.back();
  free_.pop_back();
  stream->begin(id);
  stream->due = now() + seconds(limits_.header_seconds);
  due(stream->due);
  ++open_;
  frames_.give_back(2);
  if (++requests_ >= limits_.keep_alive_requests) go_away();
  return stream;
}

void Http2Session::release(Stream& stream) noexcept {
  stream.exchange.reset();
  stream.stage = Stage::free;
  for (std::string* kept : {&stream.body, &stream.piece}) {
    if (kept->capacity() > body_kept) std::string().swap(*kept);
  }
  free_.push_back(&stream);
}

void Http2Session::collect_orphans() noexcept {
  for (const auto& stream : streams_) {
    if (stream->stage == Stage::orphan && !stream->exchange.waiting()) release(*stream);
  }
}

// An idle connection keeps one stream.
void Http2Session::trim() noexcept {
  if (!output_waits()) output_.clear(sent_ = 0);
  collect_orphans();
  free_.clear();
  bool kept = false;
  std::erase_if(streams_, [&](const std::unique_ptr<Stream>& stream) {
    return stream->stage == Stage::free && std::exchange(kept, true);
  });
  for (const auto& stream : streams_) {
    if (stream->stage == Stage::free) free_.push_back(stream.get());
  }
}

void Http2Session::news_of(Stream& stream) {
  if (std::exchange(stream.in_news, true)) return;
  news_.push_back(&stream);
}

void Http2Session::Stream::exchange_moved(gate::Exchange&) noexcept {
  if (stage != Stage::open) return;
  const bool from_outside = session.depth_ == 0;
  {
    const Call call(session);
    moved = true;
    try {
      session.news_of(*this);
    } catch (...) {
      session.give_up();
    }
    if (from_outside) session.run();
  }
  if (from_outside) session.driver_.session_moved();
}

// --- What has arrived; inside of nghttp2

void Http2Session::head_arrived(Stream& stream, bool ended) {
  gate::Exchange& exchange = stream.exchange;
  stream.stage = Stage::open;
  stream.ended = ended;
  exchange.started = now();
  stream.fault = stream.head.finish(exchange.head, ended);
  if (stream.fault.status != 200) {
    exchange.head = http::RequestHead();  // what it says can't be trusted
    if (stream.head.says_head()) exchange.head.method = http::Method::head;
  }
  stream.fresh = true;
  news_of(stream);
}

void Http2Session::end_arrived(Stream& stream) {
  stream.ended = true;
  const http::RequestHead& head = stream.exchange.head;
  if (stream.fault.status == 200 && head.framing == http::BodyFraming::length &&
      stream.arrived != head.content_length) {
    stream.fault = length_mismatch;
  }
}

void Http2Session::data_arrived(Stream& stream, std::string_view data) {
  stream.arrived += data.size();
  const http::RequestHead& head = stream.exchange.head;
  const bool too_long = head.framing == http::BodyFraming::length && stream.arrived > head.content_length;
  if (too_long && stream.fault.status == 200) stream.fault = length_mismatch;
  stream.held += data.size();
  if (!stream.wants_input()) {
    drain(stream);
    if (stream.waits == Waits::end && !worth_draining(stream)) {
      stream.due = std::min(stream.due, now() + last_word);
      due(stream.due);
    }
  } else {
    stream.body.append(data);
    if (stream.body_begun) stream.reading.moved(now(), data.size());
  }
  news_of(stream);
}

void Http2Session::stream_closed(Stream& stream) noexcept {
  nghttp2_session_consume_connection(session_.get(), stream.held);
  stream.exchange.abandon();
  if (stream.exchange.waiting()) {
    stream.stage = Stage::orphan;
  } else {
    release(stream);
  }
  if (--open_ > 0) return;
  idle_since_ = now();
  due(idle_since_ + seconds(limits_.idle_seconds));
}

// RFC 9113 5.1: on a stream that is closed nothing comes any more, unless it was on its way when we reset it.
bool Http2Session::may_still_arrive(std::int32_t id) const noexcept {
  if (id > nghttp2_session_get_last_proc_stream_id(session_.get()) || id % 2 == 0) return true;
  return nghttp2_session_find_stream(session_.get(), id) != nullptr ||
         std::find(reset_ids_.begin(), reset_ids_.end(), id) != reset_ids_.end();
}

void Http2Session::reset_sent(std::int32_t id, std::uint32_t error) {
  if (reset_ids_.size() < resets_remembered) {
    reset_ids_.push_back(id);
  } else {
    reset_ids_[reset_count_ % resets_remembered] = id;
  }
  ++reset_count_;
  if (error == NGHTTP2_NO_ERROR) return;
  spend(resets_, "h2/resets");
  auto* const stream = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
  if (!stream || std::exchange(stream->told, true)) return;
  gate::security_event(stream->exchange, "http_malformed", rule_of(error));
}

// --- One step further

void Http2Session::run() noexcept {
  try {
    do {
      for (std::size_t i = 0; i < news_.size(); ++i) {
        Stream& stream = *news_[i];
        stream.in_news = false;
        advance(stream);
      }
      news_.clear();
      produce();
      if (!fatal_.rule.empty()) {
        terminate(fatal_.error, fatal_.rule);
        produce();
      }
    } while (!news_.empty());
  } catch (...) {
    give_up();  // out of memory outside of a handler: this connection ends, the others live
  }
}

void Http2Session::advance(Stream& stream) {
  if (stream.stage == Stage::open && stream.broken) return cut(stream, NGHTTP2_INTERNAL_ERROR, "answer/file");
  if (stream.stage == Stage::open && stream.fault.status != 200) return malformed(stream);
  if (stream.stage == Stage::open && std::exchange(stream.fresh, false))
    follow(stream, stream.exchange.site.head_complete(stream.exchange));
  if (stream.stage == Stage::open && std::exchange(stream.moved, false))
    follow(stream, stream.exchange.site.resumed(stream.exchange));
  if (stream.stage == Stage::open && stream.waits == Waits::body) follow(stream, gate::Progress::wants_body);
  if (stream.stage == Stage::open && std::exchange(stream.hungry, false)) {
    if (stream.exchange.answer.events && (stopping_ || now() >= stream.events_until)) return answer_ended(stream);
    follow(stream, stream.exchange.site.next_piece(stream.exchange));
  }
}

void Http2Session::follow(Stream& stream, gate::Progress progress) {
  while (progress == gate::Progress::wants_body) {
    if (!body_ready(stream)) return;
    stream.waits = Waits::nothing;
    progress = stream.exchange.site.body_arrived(stream.exchange);
  }
  stream.waits = Waits::nothing;
  switch (progress) {
    case gate::Progress::answered:
      return respond(stream);
    case gate::Progress::waiting:
      stream.waits = Waits::work;
      stream.due =
          now() + (stream.answered && stream.exchange.answer.events ? heartbeat : seconds(limits_.handler_seconds));
      return due(stream.due);
    case gate::Progress::piece:
      return piece_made(stream);
    case gate::Progress::ended:
      return answer_ended(stream);
    case gate::Progress::broken:
      return cut(stream, NGHTTP2_INTERNAL_ERROR, "answer/broken");
    case gate::Progress::wants_body:
      return;
  }
}

// --- Request bodies

// Returns to the client what it may send again.
void Http2Session::consume(Stream& stream, std::size_t bytes) noexcept {
  if (bytes == 0) return;
  stream.held -= bytes;
  nghttp2_session_consume(session_.get(), stream.id, bytes);
}

// What has arrived and nobody wants. The client may send the rest, so that it sees the answer and not a reset; if that is not too much.
void Http2Session::drain(Stream& stream) noexcept {
  stream.drained += stream.held;
  if (worth_draining(stream)) return consume(stream, stream.held);
  nghttp2_session_consume_connection(session_.get(), std::exchange(stream.held, 0));
}

bool Http2Session::worth_draining(const Stream& stream) const noexcept {
  const http::RequestHead& head = stream.exchange.head;
  const std::uint64_t announced = head.framing == http::BodyFraming::length ? head.content_length : 0;
  return stream.drained <= limits_.drain_bytes && announced <= stream.arrived + limits_.drain_bytes;
}

// True when what was wanted is in `exchange.body`.
bool Http2Session::body_ready(Stream& stream) {
  gate::Exchange& exchange = stream.exchange;
  const bool whole = exchange.body_wanted() == gate::BodyWant::whole;
  if (!std::exchange(stream.body_begun, true)) stream.whole_by = now() + seconds(limits_.body_seconds);
  consume(stream, whole ? stream.held : std::exchange(stream.lent, 0));
  if (stream.arrived > exchange.body_limit) {
    refuse_body(stream, gate::problems::too_large, "limit/body");
    return false;
  }
  if (whole ? stream.ended : stream.ended || !stream.body.empty()) {
    std::string& taken = whole ? stream.body : stream.piece;
    if (!whole) {
      stream.piece.swap(stream.body);
      stream.body.clear();
      stream.lent = stream.piece.size();
      exchange.body_ended = stream.piece.empty();
    }
    taken.reserve(taken.size() + body_padding);
    exchange.body = taken;
    return true;
  }
  if (end_of_input_) {
    reset(stream, NGHTTP2_CANCEL);
    return false;
  }
  stream.waits = Waits::body;
  stream.due = stream.reading.wait(now());
  if (whole) stream.due = std::min(stream.due, stream.whole_by);
  due(stream.due);
  return false;
}

// --- Answers

void Http2Session::respond(Stream& stream) {
  gate::Exchange& exchange = stream.exchange;
  gate::Answer& answer = exchange.answer;
  if (answer.status == 0) gate::refuse(exchange, gate::problems::internal);
  if (exchange.head_only()) exchange.call->abandon();
  stream.answered = true;
  if (!exchange.call->makes_more()) drain(stream);
  const bool in_pieces = answer.source == gate::BodySource::pieces;
  const bool has_body = !exchange.head_only() && !answer.bodiless() && (in_pieces || answer.body_size() != 0);
  nghttp2_data_provider provider{};
  provider.source.ptr = &stream;
  provider.read_callback = Callbacks::read;
  const auto fields = fields_.of(exchange);
  if (nghttp2_submit_response(session_.get(), stream.id, fields.data(), fields.size(),
                              has_body ? &provider : nullptr) != 0) {
    throw std::bad_alloc();
  }
  if (!has_body) return;
  stream.last = !in_pieces;
  if (in_pieces) {
    stream.events_until = now() + std::chrono::minutes(limits_.event_stream_minutes);
    if (!answer.body.empty()) piece_made(stream);
    return;
  }
  if (answer.source == gate::BodySource::memory) stream.rest = answer.bytes();
  stream.written_by = stream.writing.wait(now());
  due(stream.written_by);
}

// A piece is in the answer's body. A comment that keeps the stream awake may still be before it.
void Http2Session::piece_made(Stream& stream) {
  stream.piece_waits = true;
  stream.written_by = stream.writing.wait(now());
  due(stream.written_by);
  nghttp2_session_resume_data(session_.get(), stream.id);  // fails where nothing waits: then it is asked for by itself
}

void Http2Session::answer_ended(Stream& stream) {
  stream.exchange.abandon();
  stream.waits = Waits::nothing;
  stream.last = true;
  nghttp2_session_resume_data(session_.get(), stream.id);
}

// So much of the body is in a frame. Inside of nghttp2.
void Http2Session::written(Stream& stream, std::size_t bytes, bool more) noexcept {
  stream.exchange.bytes_sent += bytes;
  stream.writing.moved(now(), bytes);
  if (bytes >= frame_worth) frames_.give_back(2);
  if (!more && !stream.piece_waits) return;
  stream.written_by = stream.writing.wait(now());
  due(stream.written_by);
}

// The answer is whole. Inside of nghttp2.
void Http2Session::answer_sent(Stream& stream) {
  log_access(stream);
  if (stream.ended) return;
  drain(stream);
  if (end_of_input_) return reset(stream, NGHTTP2_NO_ERROR);  // RFC 9113 8.1
  // The reset right behind the answer would take it from clients that drop a stream with all that has come on it (curl 7.88): they
  // get some time to read it, with their window shut.
  stream.waits = Waits::end;
  stream.due = now() + (worth_draining(stream) ? seconds(limits_.body_seconds) : last_word);
  due(stream.due);
}

void Http2Session::log_access(Stream& stream) noexcept {
  stream.exchange.ended = loop_.clock.now();
  site_.sent(stream.exchange);
}

// --- What goes wrong with a stream

void Http2Session::malformed(Stream& stream) {
  gate::Exchange& exchange = stream.exchange;
  stream.fresh = false;
  stream.told = true;
  gate::security_event(exchange, "http_malformed", stream.fault.rule);
  const int status = std::exchange(stream.fault.status, 200);
  if (status == 0 || stream.answered) return reset(stream, NGHTTP2_PROTOCOL_ERROR);
  gate::refuse(exchange, gate::problem_for(status));
  respond(stream);
}

void Http2Session::refuse_body(Stream& stream, const Problem& problem, std::string_view rule) {
  stream.exchange.abandon();
  stream.waits = Waits::nothing;
  if (stream.answered) return cut(stream, NGHTTP2_CANCEL, rule);
  gate::security_event(stream.exchange, "http_malformed", rule);
  gate::refuse(stream.exchange, problem);
  respond(stream);
}

void Http2Session::handler_too_slow(Stream& stream) {
  stream.exchange.abandon();
  stream.waits = Waits::nothing;
  if (stream.answered) return cut(stream, NGHTTP2_INTERNAL_ERROR, "deadline/handler");
  gate::security_event(stream.exchange, "sys_overload", "deadline/handler", ops::Severity::error);
  gate::refuse_until(stream.exchange, gate::problems::busy, 1);
  respond(stream);
}

// An answer whose head has gone can't be taken back.
void Http2Session::cut(Stream& stream, std::uint32_t error, std::string_view rule) {
  gate::security_event(stream.exchange, "http_cut", rule);
  stream.told = true;
  log_access(stream);
  reset(stream, error);
}

void Http2Session::reset(Stream& stream, std::uint32_t error) noexcept {
  stream.exchange.abandon();
  stream.told = true;
  stream.stage = Stage::dead;
  stream.waits = Waits::nothing;
  if (nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id, error) != 0) give_up();
}

// --- The connection as a whole

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

// No further stream; those that are open end well (RFC 9113 6.8).
void Http2Session::go_away() noexcept {
  if (std::exchange(gone_away_, true)) return;
  const std::int32_t last = nghttp2_session_get_last_proc_stream_id(session_.get());
  if (nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0) != 0) give_up();
}

// The connection itself is at fault, or takes too long.
void Http2Session::terminate(std::uint32_t error, std::string_view rule) noexcept {
  if (closing_) return;
  try {
    if (!rule.empty() && !std::exchange(told_, true)) connection_event(rule);
  } catch (...) {
    told_ = true;  // out of memory: there is no line to write
  }
  nghttp2_session_terminate_session(session_.get(), error);
  give_up();
}

// What is in the output is still written; nothing else will be.
void Http2Session::give_up() noexcept {
  closing_ = true;
  for (const auto& stream : streams_) {
    stream->exchange.abandon();
    if (stream->stage == Stage::head || stream->stage == Stage::open) stream->stage = Stage::dead;
  }
}

void Http2Session::connection_event(std::string_view rule) {
  struct Nobody final : gate::ExchangeOwner {
    void exchange_moved(gate::Exchange&) noexcept override {}
    std::shared_ptr<void> hold() noexcept override { return {}; }
  } nobody;
  gate::Exchange exchange(site_, loop_, nobody, peer_);
  gate::security_event(exchange, "http_malformed", rule);
}

// --- Time

Session::Time Http2Session::now() noexcept {
  if (!now_) now_ = loop_.clock.now();
  return *now_;
}

Session::Time Http2Session::deadline() noexcept {
  return output_waits() ? std::min(deadline_, writing_.wait(loop_.clock.now())) : deadline_;
}

bool Http2Session::expired() noexcept {
  const Call call(*this);
  try {
    if (output_waits() && now() >= writing_.wait(now())) {
      if (!std::exchange(told_, true)) connection_event("deadline/write");
      return false;
    }
    look_at_deadlines();
  } catch (...) {
    give_up();
  }
  run();
  return true;
}

// True when it has not come yet.
bool Http2Session::pending(Time time) noexcept {
  if (time <= now()) return false;
  due(time);
  return true;
}

void Http2Session::look_at_deadlines() {
  deadline_ = Time::max();
  if (closing_) return;
  if (!greeted_ && !pending(opened_ + seconds(limits_.header_seconds))) {
    return terminate(NGHTTP2_NO_ERROR, began_ ? "deadline/head" : "");
  }
  if (open_ == 0) {
    trim();
    if (!pending(idle_since_ + seconds(limits_.idle_seconds))) go_away();
    return;
  }
  for (const auto& stream : streams_) look_at_deadlines(*stream);
}

void Http2Session::look_at_deadlines(Stream& stream) {
  if (stream.stage == Stage::head && !pending(stream.due)) return terminate(NGHTTP2_ENHANCE_YOUR_CALM, "deadline/head");
  if (stream.stage == Stage::open && stream.waits != Waits::nothing && !pending(stream.due)) {
    if (stream.waits == Waits::end) {
      reset(stream, NGHTTP2_NO_ERROR);
    } else if (stream.waits == Waits::body) {
      refuse_body(stream, gate::problems::timeout, "deadline/body");
    } else if (!stream.answered || !stream.exchange.answer.events) {
      handler_too_slow(stream);
    } else if (now() >= stream.events_until) {
      answer_ended(stream);
    } else {
      stream.due = now() + heartbeat;
      due(stream.due);
      if (!stream.rest.empty()) return;
      stream.rest = heartbeat_text;
      stream.written_by = stream.writing.wait(now());
      nghttp2_session_resume_data(session_.get(), stream.id);
    }
  }
  if (stream.stage != Stage::open || !stream.writing.waiting() || pending(stream.written_by)) return;
  const bool shut = nghttp2_session_get_remote_window_size(session_.get()) <= 0 ||
                    nghttp2_session_get_stream_remote_window_size(session_.get(), stream.id) <= 0;
  if (shut) return cut(stream, NGHTTP2_CANCEL, "deadline/write");
  // It waits for its turn: whether the client takes anything at all is the connection's matter.
  stream.begin_writing();
  stream.written_by = stream.writing.wait(now());
  due(stream.written_by);
}

}  // namespace sallyport::wire
