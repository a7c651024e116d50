// Id<T>: the random public id of a T. Ids of different types can't be mixed up.
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

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
/// with in a query, it is the proof that the row is the caller's. Only the kernel makes one; it is an `Id<T>` wherever one is wanted.
template <class T>
class OwnedId {
 public:
  constexpr operator const Id<T>&() const noexcept { return id_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr const detail::IdBytes& bytes() const noexcept { return id_.bytes(); }
  [[nodiscard]] std::string text() const { return id_.text(); }

  // Not trivially copyable, so that std::bit_cast can't make one.
  constexpr OwnedId(const OwnedId& other) noexcept : id_(other.id_) {}
  constexpr OwnedId& operator=(const OwnedId& other) noexcept {
    id_ = other.id_;
    return *this;
  }

  friend constexpr bool operator==(const OwnedId& a, const OwnedId& b) noexcept { return a.id_ == b.id_; }
  friend constexpr bool operator==(const OwnedId& a, const Id<T>& b) noexcept { return a.id_ == b; }

 private:
  template <class, auto>
  friend class Owned;
  friend struct detail::Admit;
  explicit constexpr OwnedId(const Id<T>& id) noexcept : id_(id) {}
  Id<T> id_;
};

}  // namespace sallyport
