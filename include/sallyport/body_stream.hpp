// BodyStream: a request's body as it arrives, for handlers that take more than fits into memory.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/view.hpp>

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

/// A piece of a body. It views the connection's memory, which the next piece overwrites: used after the next was asked for, or by another
/// request, it ends the request. To keep it, copy it: `kept.push_back(piece->text())`, `piece->append_to(all)`.
class Piece {
 public:
  [[nodiscard]] std::size_t size() const { return bytes().size(); }
  /// A copy.
  [[nodiscard]] std::string text() const { return std::string(bytes()); }
  explicit operator std::string() const { return text(); }
  void append_to(std::string& out) const { out.append(bytes()); }
  /// Calls `look(std::string_view)`, which must not keep the view; its answer is a value.
  template <class F>
  auto read(F&& look) const {
    using Answer = std::invoke_result_t<F, std::string_view>;
    static_assert(!detail::is_a_view<Answer>,
                  "BODY-004: what is made of a piece owns its bytes: return a number, a bool or a std::string");
    return std::forward<F>(look)(bytes());
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
