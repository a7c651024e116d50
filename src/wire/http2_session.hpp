// One HTTP/2 connection (RFC 9113) without its socket: nghttp2 reads and writes frames and HPACK, this class serves the
// requests.
#pragma once

#include "base/byte_buffer.hpp"
#include "base/token_bucket.hpp"
#include "gate/exchange.hpp"
#include "gate/site.hpp"
#include "http/frame_header_scanner.hpp"
#include "http/http2_head.hpp"
#include "ops/settings.hpp"
#include "wire/answer_pace.hpp"
#include "wire/session.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::wire {

/// nghttp2's callbacks only record what has arrived. The requests are served when it has returned, so that no handler runs inside of it
/// and streams that were reset within the same bytes cost nothing.
class Http2Session final : public Session {
 public:
  /// Throws std::bad_alloc.
  Http2Session(const gate::Site& site, gate::Loop& loop, Driver& driver, const base::IpAddress& peer);
  ~Http2Session() override;

  [[nodiscard]] Next next() noexcept override;
  [[nodiscard]] bool reads_meanwhile() const noexcept override;
  [[nodiscard]] std::span<char> receive_space() override;
  void received(std::size_t bytes) noexcept override;
  void end_of_input() noexcept override;
  [[nodiscard]] std::string_view output() noexcept override;
  void sent(std::size_t bytes) noexcept override;
  [[nodiscard]] Time deadline() noexcept override;
  [[nodiscard]] bool expired() noexcept override;
  void stop() noexcept override;
  void abandon() noexcept override;

 private:
  enum class Stage : std::uint8_t;
  enum class Waits : std::uint8_t;
  struct StreamState;
  class Stream;
  struct Callbacks;
  class Call;
  struct Deleter {
    void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
  };

  // Streams
  Stream* acquire(std::int32_t id);
  void release(Stream& stream) noexcept;
  void collect_orphans() noexcept;
  void trim() noexcept;
  void mark_ready(Stream& stream);
  [[nodiscard]] Stream* stream_of(std::int32_t id) noexcept;

  // What has arrived
  void head_arrived(Stream& stream, bool ended);
  void end_arrived(Stream& stream);
  void data_arrived(Stream& stream, std::string_view data);
  void stream_closed(Stream& stream) noexcept;
  void frame_begins(const http::FrameHeaderScanner::Frame& frame) noexcept;
  void spend(base::TokenBucket& bucket, std::string_view rule) noexcept;
  void receive_failed(int error) noexcept;

  // One step further
  void run() noexcept;
  void advance(Stream& stream);
  bool body_ready(Stream& stream);
  void send_head(Stream& stream);
  void piece_made(Stream& stream);
  void send_heartbeat(Stream& stream);
  void send_end(Stream& stream);
  void written(Stream& stream, std::size_t bytes, bool more) noexcept;
  void answer_sent(Stream& stream);
  void reset_sent(std::int32_t id, std::uint32_t error);
  [[nodiscard]] static std::string_view rule_of(std::uint32_t error) noexcept;
  [[nodiscard]] bool may_still_arrive(std::int32_t id) const noexcept;
  void malformed(Stream& stream);
  void reset(Stream& stream, std::uint32_t error) noexcept;
  void consume(Stream& stream, std::size_t bytes) noexcept;
  void drain(Stream& stream) noexcept;
  [[nodiscard]] bool worth_draining(const Stream& stream) const noexcept;

  // The connection as a whole
  void produce();
  void go_away() noexcept;
  void terminate(std::uint32_t error, std::string_view rule) noexcept;
  void give_up() noexcept;
  void connection_event(std::string_view rule);
  [[nodiscard]] bool output_waits() const noexcept { return sent_ < output_.size(); }

  // Time
  [[nodiscard]] Time now() noexcept;
  void due(Time time) noexcept { deadline_ = time < deadline_ ? time : deadline_; }
  [[nodiscard]] bool pending(Time time) noexcept;
  void look_at_deadlines();
  void look_at_deadlines(Stream& stream);
  void expect_write(Stream& stream) noexcept;

  const gate::Site& site_;
  const ops::LimitSettings& limits_;
  const http::HeadLimits head_limits_;
  gate::Loop& loop_;
  Driver& driver_;
  const base::IpAddress peer_;

  // Every stream object there is: at most `limits.streams`, reused. If a stream ends while a job still uses it, its object is kept
  // until the job has come back.
  std::vector<std::unique_ptr<Stream>> streams_;
  std::vector<Stream*> free_;
  std::vector<Stream*> ready_;  // streams that can make progress
  std::size_t open_ = 0;        // streams that nghttp2 knows

  std::unique_ptr<char[]> input_;
  std::size_t input_capacity_ = 0;
  http::FrameHeaderScanner scanner_;
  base::ByteBuffer output_;
  std::size_t sent_ = 0;

  base::TokenBucket resets_;       // streams that were reset by either side
  base::TokenBucket frames_;       // frames without progress
  std::uint32_t updates_due_ = 0;  // window updates that our answers make a client send
  struct {
    std::uint32_t error = 0;
    std::string_view rule;
  } fatal_;                              // what the connection ends with, as soon as nghttp2 has returned
  std::vector<std::int32_t> reset_ids_;  // a ring
  std::size_t reset_count_ = 0;
  std::uint32_t requests_ = 0;

  std::optional<Time> now_;  // read once per call from outside
  Time deadline_;            // never later than the earliest deadline; when it comes, all streams are checked
  const Time opened_;
  Time idle_since_;
  AnswerPace writing_;
  int depth_ = 0;         // calls from outside
  bool began_ = false;    // a byte has arrived
  bool greeted_ = false;  // the client's SETTINGS have
  bool stopping_ = false;
  bool gone_away_ = false;  // no further stream is served
  bool end_of_input_ = false;
  bool closing_ = false;  // nothing that arrives is read any more
  bool logged_ = false;   // the reason has been logged

  std::unique_ptr<nghttp2_session, Deleter> session_;
};

}  // namespace sallyport::wire
