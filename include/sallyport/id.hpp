// Id<T>: the random public id of a T. Ids of different types can't be mixed up.
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sallyport/detail/misuse.hpp>
#include <sallyport/job.hpp>
#include <sallyport/text.hpp>

namespace sallyport {

namespace detail {

using IdBytes = std::array<unsigned char, 16>;

inline constexpr std::size_t id_text_length = 22;

[[nodiscard]] IdBytes random_id() noexcept;
// Exactly the 22 characters that `write_id` makes: one spelling per id.
[[nodiscard]] std::optional<IdBytes> parse_id(std::string_view text) noexcept;
void write_id(const IdBytes& bytes, char* out) noexcept;
struct Admit;
struct ReadProof;

/// The request whose code runs; 0 outside of one.
inline std::uint64_t this_request() noexcept { return current_context ? current_context->lease() : 0; }

}  // namespace detail

/// 128 random bits that name one `T`, safe to show: they tell neither how many there are nor which came first. As
/// text: 22 characters of base64url (RFC 4648 §5), one spelling per id. Knowing an id is no permission; that is
/// `Owned<T>`.
///
/// Ids of different types do not mix: where an `Id<Note>` is asked for, an `Id<User>` does not compile.
template <class T>
class Id {
 public:
  static constexpr std::size_t min_length = detail::id_text_length;
  static constexpr std::size_t max_length = detail::id_text_length;
  static constexpr std::string_view format = "id";

  /// The nil id, all zeros: what an entity has before it is given one. No row has it.
  constexpr Id() noexcept = default;
  template <class U>
    requires(!std::same_as<U, T>)
  Id(const Id<U>&) {
    static_assert(std::same_as<U, T>, "ID-001: this is the id of another type: look up the object it names instead");
  }
  explicit constexpr Id(const detail::IdBytes& bytes) noexcept : bytes_(bytes) {}

  /// A new id from the system's random generator.
  [[nodiscard]] static Id random() noexcept { return Id(detail::random_id()); }
  /// The id written as `text`; else `format`.
  static Parsed<Id> parse(std::string_view text) noexcept {
    if (const auto bytes = detail::parse_id(text)) return Id(*bytes);
    return InputError::format;
  }
  /// A stored id: 16 bytes, or its text.
  static std::optional<Id> from_storage(std::string_view stored) noexcept {
    if (stored.size() == sizeof(detail::IdBytes)) {
      detail::IdBytes bytes{};
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(stored[i]);
      return Id(bytes);
    }
    if (const auto bytes = detail::parse_id(stored)) return Id(*bytes);
    return std::nullopt;
  }

  [[nodiscard]] std::string text() const {
    std::string out(detail::id_text_length, '\0');
    detail::write_id(bytes_, out.data());
    return out;
  }
  /// The 16 bytes, for storage.
  [[nodiscard]] constexpr const detail::IdBytes& bytes() const noexcept { return bytes_; }

  friend constexpr bool operator==(const Id&, const Id&) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(const Id&, const Id&) noexcept = default;

 private:
  detail::IdBytes bytes_{};
};

template <class A, class B>
  requires(!std::same_as<A, B>)
constexpr bool operator==(const Id<A>&, const Id<B>&) noexcept {
  static_assert(std::same_as<A, B>, "ID-001: ids of different types are never equal: compare ids of one type");
  return false;
}

/// The id of a `T` that the caller owns: what `note.id()` of an `Owned<Note>` gives; and, as `OwnedId<User>`, the caller's own: `me.id`. Compared
/// with in a query, it is the proof that the row is the caller's. The kernel makes one, and a query that proves it: `db.one<OwnedId<Order>>("INSERT
/// INTO orders (id, owner) VALUES (?, ?) RETURNING id", …)`. It proves that in its own request: kept, and bound in another, it ends that one
/// (500). It is an `Id<T>` wherever one is wanted.
template <class T>
class OwnedId {
 public:
  constexpr operator const Id<T>&() const noexcept { return id_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr const detail::IdBytes& bytes() const noexcept { return id_.bytes(); }
  [[nodiscard]] std::string text() const { return id_.text(); }

  // Not trivially copyable, so that std::bit_cast can't make one.
  constexpr OwnedId(const OwnedId& other) noexcept : id_(other.id_), request_(other.request_) {}
  constexpr OwnedId& operator=(const OwnedId& other) noexcept {
    id_ = other.id_;
    request_ = other.request_;
    return *this;
  }

  /// For the library: it is about to be bound as a proof. Ends a request that it was not made for.
  void used_as_proof() const {
    if (request_ != 0 && request_ != detail::this_request()) [[unlikely]]
      detail::misused("an OwnedId proves nothing in another request than its own: it was kept, and bound to a query");
  }

  friend constexpr bool operator==(const OwnedId& a, const OwnedId& b) noexcept { return a.id_ == b.id_; }
  friend constexpr bool operator==(const OwnedId& a, const Id<T>& b) noexcept { return a.id_ == b; }

 private:
  template <class, auto>
  friend class Owned;
  friend struct detail::Admit;
  friend struct detail::ReadProof;
  explicit OwnedId(const Id<T>& id) noexcept : OwnedId(id, detail::this_request()) {}
  OwnedId(const Id<T>& id, std::uint64_t request) noexcept : id_(id), request_(request) {}
  Id<T> id_;
  std::uint64_t request_;  // 0: outside of one, as in tests
};

namespace detail {

template <class T>
struct ProvenId {};
template <class T>
struct ProvenId<OwnedId<T>> {
  using Type = T;
};
template <class T>
inline constexpr bool is_proof = requires { typename ProvenId<T>::Type; };

}  // namespace detail

}  // namespace sallyport
