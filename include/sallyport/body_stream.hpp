// BodyStream: a request's body as it arrives, for handlers that take more than fits into memory.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/detail/plain_type.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/problem.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

namespace gate {
class Exchange;
}

namespace detail {
class BodyPieces;
}

/// The bytes of a piece while `Piece::read` runs. It can't be kept.
class PieceView {
 public:
  __attribute__((
      unavailable("BODY-004: a piece is looked at where it is, by reference: read([](const sp::PieceView& bytes) "
                  "{ … }); keep a copy, piece->text()"))) PieceView(const PieceView&);
  PieceView& operator=(const PieceView&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] const char* data() const noexcept { return bytes_.data(); }
  [[nodiscard]] const char* begin() const noexcept { return bytes_.data(); }
  [[nodiscard]] const char* end() const noexcept { return bytes_.data() + bytes_.size(); }
  [[nodiscard]] char operator[](std::size_t i) const {
    if (i >= bytes_.size()) [[unlikely]]
      detail::misused("a byte behind the end of a piece was read");
    return bytes_[i];
  }
  /// Where `text` is, from `from` on; `std::string_view::npos`: nowhere.
  [[nodiscard]] std::size_t find(std::string_view text, std::size_t from = 0) const noexcept {
    return bytes_.find(text, from);
  }

 private:
  friend class Piece;
  explicit PieceView(std::string_view bytes) noexcept : bytes_(bytes) {}
  std::string_view bytes_;
};

/// A piece of a body. It views the connection's memory, which the next piece overwrites: used after the next was asked for, or by another
/// request, it ends the request. To keep it, copy it: `kept.push_back(piece->text())`, `piece->append_to(all)`.
class Piece {
 public:
  [[nodiscard]] std::size_t size() const { return bytes().size(); }
  /// A copy.
  [[nodiscard]] std::string text() const { return std::string(bytes()); }
  explicit operator std::string() const { return text(); }
  /// Adds a copy to `out`, which holds `most` bytes then at most: what is more is answered 413. What is larger is not put together in memory.
  void append_to(std::string& out, std::size_t most = std::size_t{16} << 20) const {
    if (size() > most || out.size() > most - size()) throw Problem(413, "Content Too Large");
    out.append(bytes());
  }
  /// Calls `look(const PieceView&)`; its answer is a value.
  template <class F>
  auto read(F&& look) const {
    constexpr bool takes_view = std::is_invocable_v<F, const PieceView&>;
    static_assert(
        takes_view,
        "BODY-004: a piece is looked at where it is: read([](const sp::PieceView& bytes) { … }); what is kept "
        "of it is a copy, piece->text()");
    if constexpr (takes_view) {
      static_assert(!detail::is_a_view<std::invoke_result_t<F, const PieceView&>>,
                    "BODY-004: what is made of a piece owns its bytes: return a number, a bool or a std::string");
      return std::forward<F>(look)(PieceView(bytes()));
    }
  }

 private:
  friend class detail::BodyPieces;
  Piece(std::string_view bytes, std::shared_ptr<const std::uint64_t> turn, detail::HeldRequest request) noexcept
      : bytes_(bytes), turn_(std::move(turn)), number_(*turn_), request_(request) {}
  [[nodiscard]] std::string_view bytes() const {
    if (*turn_ != number_) [[unlikely]]
      detail::misused("a piece of a body was kept and used after the next one was asked for");
    static_cast<void>(request_.get());
    return bytes_;
  }

  std::string_view bytes_;
  std::shared_ptr<const std::uint64_t> turn_;  // outlives the request, so that it can be asked
  std::uint64_t number_;
  detail::HeldRequest request_;
};

namespace detail {
struct Admit;

/// What every `BodyStream` does; compiled once.
class BodyPieces {
 public:
  /// Awaited: the next piece, or nothing at the end of the body.
  class [[nodiscard("nothing happens until it is awaited: write co_await before the call")]] Next {
   public:
    explicit Next(BodyPieces& pieces) noexcept : pieces_(pieces) {}
    Next(const Next&) = delete;
    Next& operator=(const Next&) = delete;
    ~Next() {
      if (!awaited_) never_awaited("the next piece of a body was asked for and never awaited: write co_await");
    }
    [[nodiscard]] bool await_ready() noexcept {
      awaited_ = true;
      return false;
    }
    bool await_suspend(std::coroutine_handle<> waiter);
    [[nodiscard]] Maybe<Piece> await_resume() const;

   private:
    BodyPieces& pieces_;
    bool awaited_ = false;
  };
  [[nodiscard]] Next next() noexcept { return Next(*this); }

  /// The `Content-Type` as the client sent it: not checked against the content.
  [[nodiscard]] std::string content_type() const;

  BodyPieces(BodyPieces&&) noexcept = default;
  BodyPieces& operator=(BodyPieces&&) noexcept = default;
  /// The request is over: its pieces are, too.
  ~BodyPieces() {
    if (turn_) ++*turn_;
  }

 protected:
  explicit BodyPieces(TaskContext& request) : request_(request), turn_(std::make_shared<std::uint64_t>(0)) {}

 private:
  HeldRequest request_;
  std::shared_ptr<std::uint64_t> turn_;  // counts the pieces
};

}  // namespace detail

namespace detail {
inline constexpr std::size_t max_body_stream = std::size_t{16} << 30;
}

/// The body, piece by piece, of at most `Limit` bytes, which are 16 GiB at most:
///
///     sp::Task<sp::NoContent> import(sp::SignedIn me, sp::BodyStream<64_MiB> body, sp::Db& db) {
///       while (const auto piece = co_await body.next()) total += piece->size();
///       co_return sp::NoContent{};
///     }
///
/// The handler runs as soon as the request's head has been checked; the body is read only as fast as the handler asks
/// (back-pressure). A body beyond `Limit` answers 413, one that is too slow 408. If the body ends early, the handler is destroyed at
/// its suspension point: destructors run, and the loop above is not resumed. So write nothing that must be complete before the loop
/// has ended.
template <std::size_t Limit>
class BodyStream final : public detail::BodyPieces {
  static_assert(Limit > 0 && Limit <= detail::max_body_stream,
                "BODY-003: a streamed body has a limit, 16 GiB at most: BodyStream<64_MiB>");
  friend struct detail::Admit;
  using detail::BodyPieces::BodyPieces;
};

}  // namespace sallyport
