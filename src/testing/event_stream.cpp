// Reads the events of an answer that is still being sent.
#include <sallyport/testing/event_stream.hpp>

#include "testing/client.hpp"
#include "testing/raw_answer.hpp"

#include <utility>

namespace sallyport::test {
namespace detail {

class Stream {
 public:
  Stream(std::weak_ptr<Core> core, std::shared_ptr<Connection> connection, Answer answer, bool chunked)
      : core_(std::move(core)), connection_(std::move(connection)), answer_(std::move(answer)), chunked_(chunked) {}
  ~Stream() { connection_->leave(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  [[nodiscard]] const Answer& answer() const noexcept { return answer_; }
  [[nodiscard]] bool ended() {
    catch_up();
    return text_.empty() && over_;
  }

  std::optional<Event> next() {
    for (;;) {
      const std::size_t end = text_.find("\n\n");
      if (end == text_.npos) {
        const std::size_t before = text_.size();
        catch_up();
        if (text_.size() == before) return std::nullopt;
        continue;
      }
      const std::string block = text_.substr(0, end);
      text_.erase(0, end + 2);
      if (auto event = read(block)) return event;
    }
  }

 private:
  // All that comes without time passing.
  void catch_up() {
    if (const auto core = core_.lock(); core && !over_) core->run_until([&] { return connection_->closed(); }, false);
    if (chunked_) {
      over_ = take_chunks(connection_->received, text_) || over_;
    } else {
      text_ += std::exchange(connection_->received, {});
    }
    over_ = over_ || connection_->closed();
  }

  // As the HTML Standard reads a block: nothing for one without data, such as a comment that keeps a connection open.
  static std::optional<Event> read(std::string_view block) {
    Event event;
    bool any = false;
    while (!block.empty()) {
      const std::size_t end = std::min(block.find('\n'), block.size());
      const std::string_view line = block.substr(0, end);
      block.remove_prefix(std::min(end + 1, block.size()));
      const std::size_t colon = std::min(line.find(':'), line.size());
      const std::string_view name = line.substr(0, colon);
      std::string_view value = line.substr(std::min(colon + 1, line.size()));
      if (value.starts_with(' ')) value.remove_prefix(1);
      if (name == "data") {
        if (std::exchange(any, true)) event.data += '\n';
        event.data += value;
      } else if (name == "event") {
        event.name = value;
      } else if (name == "id") {
        event.id = value;
      }
    }
    if (!any) return std::nullopt;
    return event;
  }

  std::weak_ptr<Core> core_;
  std::shared_ptr<Connection> connection_;
  Answer answer_;
  bool chunked_;
  bool over_ = false;
  std::string text_;
};

}  // namespace detail

EventStream Client::events(std::string_view target, Where where) {
  const auto core = state_->service();
  const std::size_t logged_from = core->log().size();
  Request request{
      .method = "GET", .target = std::string(target), .fields = {{"Accept", "text/event-stream"}}, .content = {}};
  const std::string cookie = state_->cookie_field();
  Answer::Facts facts;
  facts.who = state_->who;
  facts.where = where;
  facts.asked = state_->head_of(request, origin_, cookie.empty() ? "" : "(its cookies)");
  const auto connection = core->connect(state_->address);
  connection->send(state_->head_of(request, origin_, cookie));
  // A stream whose first event takes long sends its head with the first heartbeat.
  core->run_until([&] { return connection->idle() || detail::read_head(connection->received); }, true);
  const auto head = detail::read_head(connection->received);
  if (!head) throw Failure(std::string(where.file_name()) + ": no answer came to\n" + facts.asked);
  facts.status = head->status;
  facts.fields = head->fields;
  const bool stream = head->status == 200 && head->field("content-type").starts_with("text/event-stream");
  if (!stream) {
    facts.body = detail::decoded(*head, detail::read_body(*head, connection->received, false, connection->closed()));
    connection->leave();
  }
  state_->keep_cookies(head->fields);
  Answer answer = detail::made_answer(*core, std::move(facts), request, logged_from);
  if (!stream)
    throw Failure(std::string(where.file_name()) + ':' + std::to_string(where.line()) + ": GET " + std::string(target) +
                  " was to be a stream of events\n" + answer.describe());
  connection->received.erase(0, head->size);
  const bool chunked = head->field("transfer-encoding") == "chunked";
  return EventStream(std::make_shared<detail::Stream>(core, connection, std::move(answer), chunked));
}

Event EventStream::next(Where where) {
  if (auto event = try_next()) return std::move(*event);
  throw Failure(std::string(where.file_name()) + ':' + std::to_string(where.line()) +
                (!stream_ || stream_->ended() ? ": the stream has ended"
                                              : ": no event comes unless something happens: move the clock "
                                                "(service.clock.advance(1s)), or have somebody act"));
}

std::optional<Event> EventStream::try_next() { return stream_ ? stream_->next() : std::nullopt; }
bool EventStream::ended() { return !stream_ || stream_->ended(); }

const Answer& EventStream::answer() const noexcept { return stream_->answer(); }

}  // namespace sallyport::test
