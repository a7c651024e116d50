// Secrets: bytes that can be moved but not copied, printed or compared, and that are wiped from memory.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/detail/reason.hpp>
#include <sallyport/fixed_string.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

namespace detail {

/// Overwrites bytes with zeros in a way that the compiler may not drop.
void wipe(std::span<unsigned char> bytes) noexcept;

/// A type that must not reach a log, a view, a URL or a query: it says so with `using is_secret = void;`.
template <class T>
concept SecretType = requires { typename std::remove_cvref_t<T>::is_secret; };

/// What `expose` may return: nothing that can hold or point to the bytes.
template <class R>
concept CarriesNothingOut =
    std::is_void_v<R> || std::is_arithmetic_v<R> || std::is_enum_v<R> || (!std::is_reference_v<R> && SecretType<R>);

/// What every secret is made of: bytes on the heap, of a size that never changes, wiped by the destructor.
/// Never a std::string: moving a short one leaves its characters behind in the old object.
class Secret {
 public:
  using is_secret = void;

  Secret(const Secret&) = delete;             // SEC-001: a secret is never copied: std::move it or pass a reference
  Secret& operator=(const Secret&) = delete;  // SEC-001: a secret is never copied: std::move it or pass a reference

  /// Calls `read` with the bytes (`std::span<const unsigned char>`), the one way to see them, and returns its answer.
  /// The answer is nothing, a number, an enum or another secret; a moved-from secret shows no bytes.
  template <class Read>
    requires std::is_invocable_v<Read, std::span<const unsigned char>>
  decltype(auto) expose(Read&& read) const {
    using Result = std::invoke_result_t<Read, std::span<const unsigned char>>;
    static_assert(CarriesNothingOut<Result>,
                  "SEC-004: expose() must not carry the bytes out: use them inside and return void, a number, "
                  "an enum or another secret");
    return std::forward<Read>(read)(
        std::span<const unsigned char>{bytes_.get(), bytes_ ? bytes_.get_deleter().size : 0});
  }

  template <class A, class B>
    requires(std::is_base_of_v<Secret, A> || std::is_base_of_v<Secret, B>)
  friend bool operator==(const A&, const B&) = delete;  // SEC-002: == leaks by its timing: verify the secret instead
  template <class A, class B>
    requires(std::is_base_of_v<Secret, A> || std::is_base_of_v<Secret, B>)
  friend bool operator<=>(const A&, const B&) = delete;  // SEC-002: secrets have no order: verify the secret instead

  template <class Out, class S>
    requires std::is_base_of_v<Secret, S>
  friend Out& operator<<(Out&, const S&) = delete;  // SEC-003: a secret is never printed: log the account's id instead
  template <class A, class B>
    requires(std::is_base_of_v<Secret, A> || std::is_base_of_v<Secret, B>)
  friend bool operator+(const A&, const B&) = delete;  // SEC-003: a secret never becomes text: use expose()
  operator std::string_view() const = delete;          // SEC-003: a secret never becomes text: use expose()
  operator std::string() const = delete;               // SEC-003: a secret never becomes text: use expose()
  operator const char*() const = delete;               // SEC-003: a secret never becomes text: use expose()

 protected:
  Secret() noexcept = default;
  /// `size` zeroed bytes, written through `writable`.
  explicit Secret(std::size_t size);
  /// A copy of `bytes`; wiping the original is the caller's part.
  explicit Secret(std::span<const unsigned char> bytes);
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret() = default;

  std::span<unsigned char> writable() noexcept { return {bytes_.get(), bytes_ ? bytes_.get_deleter().size : 0}; }

 private:
  struct WipeAndFree {
    WipeAndFree() noexcept : size(0) {}
    explicit WipeAndFree(std::size_t n) noexcept : size(n) {}
    std::size_t size;
    void operator()(unsigned char* bytes) const noexcept;
  };
  std::unique_ptr<unsigned char[], WipeAndFree> bytes_;
};

/// For which reason a program takes the bytes of a password or a code.
struct ExposeReason {
  std::string_view why;
  const ExposeReason* next = nullptr;
};
/// A list that is made before main, for the route report.
bool give_reason(ExposeReason& reason) noexcept;
[[nodiscard]] const ExposeReason* expose_reasons() noexcept;

template <FixedString Why>
inline ExposeReason expose_reason{Why.view()};
template <FixedString Why>
inline const bool is_exposed = give_reason(expose_reason<Why>);
/// Makes the reason known before main.
template <FixedString Why>
bool know_exposed() noexcept {
  return is_exposed<Why>;
}

/// How a program has come to bytes of a secret.
enum class Taken : unsigned char {
  exposed,  ///< by `expose`
  to_send,  ///< a code that somebody is sent
};
/// The request that runs looks for these bytes from now on: in its answer, its statements and its lines in the log. Outside of a request
/// nothing does.
void note_taken(std::span<const unsigned char> bytes, Taken how);

/// A secret that the library verifies by itself, so that a program has no need of its bytes: a password, a one-time code.
class VerifiedSecret : public Secret {
 public:
  /// The bytes, for a system that verifies them in the library's place; in the source and in the route report a reviewer reads why:
  ///
  ///     in->password.expose<"the directory server verifies it">([&](auto bytes) { bound = directory.bind(name, bytes); });
  ///
  /// For the rest of the request they are looked for: bound to a statement, or in the answer, they end it with 500; in the log they are
  /// left out.
  template <FixedString Why, class Read>
  decltype(auto) expose(Read&& read) const {
    static_assert(is_reason(Why.view()),
                  "SEC-012: say why the bytes are needed, in two words and ten characters or more");
    static_cast<void>(know_exposed<Why>());
    Secret::expose([](std::span<const unsigned char> bytes) { note_taken(bytes, Taken::exposed); });
    return Secret::expose(std::forward<Read>(read));
  }
  template <class Read>
  __attribute__((unavailable(
      "SEC-012: passwords and codes are verified, hashed and counted by the library: pass them to "
      "attempt.password(…), attempt.create(…) or attempt.matches(…). Where another system verifies them, say "
      "so: expose<\"the directory server verifies it\">(…)"))) void
  expose(Read&&) const;

 protected:
  using Secret::Secret;
  VerifiedSecret() noexcept = default;
};

struct PasswordReader;

}  // namespace detail

/// Secret bytes of a size known at run time: a key, a token, a credential for another service. `App::secret` reads those that an
/// application needs.
class SecretBytes final : public detail::Secret {
 public:
  /// No bytes at all.
  SecretBytes() noexcept = default;
  /// A copy of `bytes`; wiping the original is the caller's part.
  explicit SecretBytes(std::span<const unsigned char> bytes) : Secret(bytes) {}
  /// `size` bytes written in place by `fill(std::span<unsigned char>)`, so that no second copy ever exists.
  template <class Fill>
    requires std::is_invocable_v<Fill, std::span<unsigned char>>
  SecretBytes(std::size_t size, Fill&& fill) : Secret(size) {
    std::forward<Fill>(fill)(writable());
  }

  /// Calls `read` with the bytes, or with the text where `read` takes a `std::string_view`, for the library that needs them:
  ///
  ///     config->stripe_api_key.expose([&](std::string_view key) { paid = stripe.charge(key, cents); });
  ///
  /// In a request they are looked for afterwards, as those of a password are.
  template <class Read>
    requires std::is_invocable_v<Read, std::span<const unsigned char>>
  decltype(auto) expose(Read&& read) const {
    note();
    return Secret::expose(std::forward<Read>(read));
  }
  template <class Read>
    requires(!std::is_invocable_v<Read, std::span<const unsigned char>> && std::is_invocable_v<Read, std::string_view>)
  decltype(auto) expose(Read&& read) const {
    note();
    return Secret::expose([&](std::span<const unsigned char> bytes) -> decltype(auto) {
      return std::forward<Read>(read)(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    });
  }

 private:
  void note() const {
    Secret::expose([](std::span<const unsigned char> bytes) { detail::note_taken(bytes, detail::Taken::exposed); });
  }
};

/// A password as typed at sign-in: any 1 to 1024 bytes, compared exactly as received (no trimming, no case folding,
/// no Unicode normalisation: ASVS 6.2.8). The password policy is not applied here, or a changed rule would lock users
/// out.
class Password final : public detail::VerifiedSecret {
 public:
  static constexpr std::size_t min_length = 1;    ///< characters
  static constexpr std::size_t max_bytes = 1024;  ///< a cap on what is hashed, far above ASVS 6.2.9's 64 characters

 private:
  friend struct detail::PasswordReader;
  explicit Password(std::span<const unsigned char> typed);  // SEC-005: only a request makes a Password
};

/// A password being chosen at sign-up or change. One that exists has passed the policy: at least 15 characters
/// (ASVS 6.2.1 and OWASP, for accounts without a second factor), at most 1024 bytes, valid UTF-8, and not made of
/// common words, repetitions, sequences or keyboard walks alone. No composition rules (ASVS 6.2.5).
class NewPassword final : public detail::VerifiedSecret {
 public:
  static constexpr std::size_t min_length = 15;   ///< Unicode code points
  static constexpr std::size_t max_bytes = 1024;  ///< as for Password, or sign-in with it would be impossible

 private:
  friend struct detail::PasswordReader;
  explicit NewPassword(std::span<const unsigned char> typed);  // SEC-005: only a request makes a NewPassword
};

/// Why a password was not accepted.
enum class PasswordFlaw : unsigned char {
  none,
  too_short,   ///< fewer characters than `min_length`
  too_long,    ///< more than `max_bytes`
  not_text,    ///< not valid UTF-8
  too_common,  ///< easy to guess: common words, repetitions, sequences, keyboard walks
  own_data,    ///< little more than the account's own e-mail address or name
};

namespace detail {

/// Lets the reader of requests make the password types; nothing else can.
struct PasswordReader {
  /// The password, or nothing and the reason in `flaw`.
  static std::optional<Password> password(std::string_view typed, PasswordFlaw& flaw);
  /// The password, or nothing and the reason in `flaw`. Applies the password policy.
  static std::optional<NewPassword> new_password(std::string_view typed, PasswordFlaw& flaw);
  /// For a task that may outlive the input that the password stands in.
  static Password copy(const Password& password);
  static NewPassword copy(const NewPassword& password);
};

}  // namespace detail

}  // namespace sallyport
