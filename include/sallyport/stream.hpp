// Answers that are sent piece by piece: Stream for bytes, EventStream for server-sent events.
#pragma once

#include <sallyport/attachment.hpp>
#include <sallyport/csv.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/json.hpp>
#include <sallyport/task.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

/// A server-sent event (HTML Living Standard 9.2). The browser hands its data to `EventSource.onmessage`, or to the listeners of its name
/// where it has one; it sends the last id when it connects again (`Last-Event-ID`).
class Event {
 public:
  // Constructed, no aggregate: g++ 12 destroys an aggregate temporary of a co_yield twice.
  /// `data` may have lines. A line end or NUL in `name` or `id` throws `std::invalid_argument`.
  explicit Event(std::string_view data, std::string_view name = {}, std::string_view id = {});

  /// As it is sent.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

namespace detail {

/// What the kernel knows of a generator: the piece that it has yielded, and what it threw.
struct PiecePromise : PromiseBase {
  std::string piece;
  std::string disposition;  ///< of Content-Disposition; empty: none
  bool begun = false;       ///< a piece was yielded
  std::exception_ptr failure;

  void return_void() const noexcept {}
  void unhandled_exception() noexcept { failure = std::current_exception(); }
};

/// A generator of pieces, owned. Made by a handler that returns `Stream` or `EventStream`; the kernel asks for one piece after the other, and
/// only when the client has taken the last one.
class Pieces {
 public:
  Pieces() = default;
  Pieces(std::coroutine_handle<> frame, PiecePromise& promise) noexcept : frame_(frame), promise_(&promise) {}
  Pieces(Pieces&& other) noexcept
      : frame_(std::exchange(other.frame_, nullptr)), promise_(std::exchange(other.promise_, nullptr)) {}
  Pieces& operator=(Pieces&& other) noexcept {
    std::swap(frame_, other.frame_);
    std::swap(promise_, other.promise_);
    return *this;
  }
  ~Pieces() {
    if (frame_) frame_.destroy();
  }

  explicit operator bool() const noexcept { return frame_ != nullptr; }

  /// Awaited: runs the generator to its next `co_yield`. True when there is a piece, false at its end; throws what it threw.
  class Next {
   public:
    explicit Next(Pieces& pieces) noexcept : pieces_(pieces) {}
    bool await_ready() const noexcept { return pieces_.frame_.done(); }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> waiter) const noexcept {
      pieces_.promise_->context = waiter.promise().context;
      pieces_.promise_->continuation = waiter;
      return pieces_.frame_;
    }
    bool await_resume() const {
      if (pieces_.promise_->failure) std::rethrow_exception(std::exchange(pieces_.promise_->failure, nullptr));
      return !pieces_.frame_.done();
    }

   private:
    Pieces& pieces_;
  };
  [[nodiscard]] Next next() noexcept { return Next(*this); }
  [[nodiscard]] std::string take_piece() noexcept { return std::move(promise_->piece); }
  [[nodiscard]] const std::string& disposition() const noexcept { return promise_->disposition; }
  [[nodiscard]] const FrameMaker* maker() const noexcept { return promise_->maker; }

 private:
  std::coroutine_handle<> frame_;
  PiecePromise* promise_ = nullptr;
};

/// Returns from the generator to its consumer.
struct Yielded {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> generator) const noexcept {
    return generator.promise().continuation;
  }
  void await_resume() const noexcept {}
};

/// What may be streamed: types that no browser takes for a document or a script. Pages are made by html<>, scripts are assets.
inline constexpr std::string_view stream_types[] = {
    "text/plain",
    "text/csv",
    "text/calendar",
    "text/vcard",
    "text/markdown",
    "application/json",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-lines",
    "application/json-seq",
    "application/geo+json",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/zstd",
    "application/x-tar",
    "application/x-xz",
    "application/x-bzip2",
    "application/x-7z-compressed",
    "application/epub+zip",
    "application/cbor",
    "application/msgpack",
    "application/protobuf",
    "application/x-protobuf",
    "application/vnd.sqlite3",
    "application/vnd.apache.parquet",
    "application/vnd.apache.arrow.stream",
    "application/vnd.apple.mpegurl",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "audio/aac",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/wav",
    "audio/webm",
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "video/mp2t",
    "video/mp4",
    "video/mpeg",
    "video/ogg",
    "video/quicktime",
    "video/webm",
    "video/x-matroska"};
inline constexpr std::string_view stream_type_parameters[] = {"charset=utf-8", "charset=us-ascii", "header=present",
                                                              "header=absent"};

constexpr bool may_be_streamed(std::string_view type) noexcept {
  std::size_t end = type.find(';');
  bool known = false;
  for (const std::string_view inert : stream_types) known = known || type.substr(0, end) == inert;
  while (known && end != type.npos) {
    type.remove_prefix(end + 1);
    if (type.starts_with(' ')) type.remove_prefix(1);
    end = type.find(';');
    known = false;
    for (const std::string_view parameter : stream_type_parameters) known = known || type.substr(0, end) == parameter;
  }
  return known;
}

/// What the pieces of a stream have to be made of.
enum class StreamOf : unsigned char { bytes, csv, json };

constexpr StreamOf stream_of(std::string_view type) noexcept {
  type = type.substr(0, type.find(';'));
  if (type == "text/csv") return StreamOf::csv;
  return type.find("json") == type.npos ? StreamOf::bytes : StreamOf::json;
}

/// A literal, whose characters nobody chooses at run time.
template <class Piece>
inline constexpr bool is_literal_piece = false;
template <std::size_t N>
inline constexpr bool is_literal_piece<const char (&)[N]> = true;

}  // namespace detail

/// A body that is made while it is sent, for answers that are large or slow to make. A handler that returns one is a coroutine:
///
///     sp::Stream<"text/csv; charset=utf-8"> export_notes(sp::SignedIn me, const sp::Db& db) {
///       co_yield "id,title\r\n";
///       for (const Note& note : co_await db.all<Note>("SELECT … WHERE owner = ?", me.id))
///         co_yield sp::csv_line(note.id, note.title);
///     }
///
/// CSV is made of literals and `csv_line(…)`, JSON of literals and `json(value)`, everything else of texts. `co_yield sp::attachment(name)`
/// before the first piece has the browser save it under that name.
///
/// It is resumed when the client has taken what it yielded, so a slow client costs one piece of memory; it is destroyed when the client has
/// gone. What it throws before the first `co_yield` is answered as usual; afterwards the connection is cut, so that the client sees that the
/// answer is not whole; so it is when it has become larger than `limits.stream_bytes`, or the route's `max_stream`. Media types that browsers could take for documents or scripts do not compile: `detail::stream_types` has the others.
template <detail::FixedString MediaType>
class [[nodiscard]] Stream {
  static_assert(detail::may_be_streamed(MediaType.view()),
                "OUT-006: a stream has an inert media type (\"text/csv; charset=utf-8\", \"application/octet-stream\" "
                "for what has "
                "none of its own): pages are made by html<>, scripts are assets, events by sp::EventStream");

 public:
  struct promise_type : detail::PiecePromise {
    Stream get_return_object() noexcept {
      return Stream(detail::Pieces(std::coroutine_handle<promise_type>::from_promise(*this), *this));
    }
    template <class Piece>
      requires(!std::same_as<std::remove_cvref_t<Piece>, attachment>)
    detail::Yielded yield_value(Piece&& given) {
      using Given = std::remove_cvref_t<Piece>;
      constexpr detail::StreamOf made_of = detail::stream_of(MediaType.view());
      constexpr bool literal = detail::is_literal_piece<Piece&&>;
      static_assert(made_of != detail::StreamOf::csv || literal || std::same_as<Given, CsvLine>,
                    "OUT-010: a line of CSV is made of its values: co_yield sp::csv_line(note.id, note.title); only "
                    "literals go in as they are");
      static_assert(
          made_of != detail::StreamOf::json || literal || std::same_as<Given, JsonText>,
          "OUT-011: JSON is made of values: co_yield sp::json(note) (+ \",\\n\"); only literals go in as they "
          "are, and sp::json_as_is<\"why\">(text)");
      static_assert(made_of != detail::StreamOf::bytes || !std::is_pointer_v<Given>,
                    "OUT-009: a char pointer may be what(), getenv() or strerror(), which are for the log and not for "
                    "clients: yield a \"literal\" or a std::string");
      begun = true;
      if constexpr (std::same_as<Given, CsvLine> || std::same_as<Given, JsonText>) {
        piece = std::string(std::forward<Piece>(given).take());
      } else if constexpr ((made_of == detail::StreamOf::bytes && !std::is_pointer_v<Given>) || literal) {
        piece = std::forward<Piece>(given);
      }
      return {};
    }
    /// The name under which the browser saves it.
    std::suspend_never yield_value(const attachment& name) {
      if (begun) detail::misused("co_yield sp::attachment(…) stands before the first piece of a Stream");
      disposition = name.field();
      return {};
    }
  };

  static constexpr std::string_view media_type = MediaType.view();
  static constexpr bool events = false;
  [[nodiscard]] detail::Pieces take() noexcept { return std::move(pieces_); }

 private:
  explicit Stream(detail::Pieces pieces) noexcept : pieces_(std::move(pieces)) {}
  detail::Pieces pieces_;
};

/// Server-sent events: `co_yield sp::Event(text)` as they happen, for as long as the client stays.
///
/// The kernel keeps the connection alive, and ends the stream after `limits.event_stream_minutes`; the browser then connects again, and its session
/// is checked again. Within two seconds the stream ends when the session of its caller does, or the caller's role changes.
class [[nodiscard]] EventStream {
 public:
  struct promise_type : detail::PiecePromise {
    EventStream get_return_object() noexcept {
      return EventStream(detail::Pieces(std::coroutine_handle<promise_type>::from_promise(*this), *this));
    }
    detail::Yielded yield_value(const Event& event) {
      piece = event.text();
      return {};
    }
  };

  static constexpr std::string_view media_type = "text/event-stream";
  static constexpr bool events = true;
  [[nodiscard]] detail::Pieces take() noexcept { return std::move(pieces_); }

 private:
  explicit EventStream(detail::Pieces pieces) noexcept : pieces_(std::move(pieces)) {}
  detail::Pieces pieces_;
};

namespace detail {
template <class R>
concept StreamAnswer = requires(R& r) {
  { r.take() } -> std::same_as<Pieces>;
  R::media_type;
};
}  // namespace detail

}  // namespace sallyport

/// As of a Task (task.hpp).
template <sallyport::detail::FixedString MediaType, class... Args>
struct std::coroutine_traits<sallyport::Stream<MediaType>, Args...> {
  using promise_type = typename sallyport::detail::PromiseOf<typename sallyport::Stream<MediaType>::promise_type,
                                                             sallyport::detail::MakerOf<Args...>>::Type;
};
template <class... Args>
struct std::coroutine_traits<sallyport::EventStream, Args...> {
  using promise_type = typename sallyport::detail::PromiseOf<sallyport::EventStream::promise_type,
                                                             sallyport::detail::MakerOf<Args...>>::Type;
};
