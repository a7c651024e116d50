// Structs as schemas: what an input may hold, and the description from which one compiled reader fills any of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/build_record.hpp>
#include <sallyport/detail/elements.hpp>
#include <sallyport/detail/enum_names.hpp>
#include <sallyport/detail/plain_type.hpp>
#include <sallyport/entity.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/id.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/number.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/text.hpp>
#include <sallyport/view.hpp>

namespace sallyport {

class Password;
class NewPassword;

/// The most elements of a bare `std::vector` in an input struct.
inline constexpr std::size_t default_list_max = 1000;

/// At most `Max` values of `T`, as read from a request.
template <class T, std::size_t Max>
class List : public detail::Elements<T> {
 public:
  static constexpr std::size_t max = Max;

  List() = default;  // so that it is no aggregate, whose members would be looked for fields

  /// Adds a value; false when the list is full.
  [[nodiscard]] bool add(T value) {
    if (this->values_.size() >= Max) return false;
    this->values_.push_back(std::move(value));
    return true;
  }
};

namespace detail {

/// The errors of one input, at most 32 of them: where (RFC 6901) and why, never the value.
class FieldErrors {
 public:
  static constexpr std::size_t max = 32;

  struct Entry {
    std::string pointer;
    InputError error;
  };

  void add(std::string pointer, InputError error);
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  /// There were more than are listed.
  [[nodiscard]] bool truncated() const noexcept { return truncated_; }
  /// Appends `[{"pointer":"/email","code":"too_long"}]`, the member `errors` of a problem document.
  void append_json(std::string& out) const;

 private:
  std::vector<Entry> entries_;
  bool truncated_ = false;
};

enum class Kind : std::uint8_t { boolean, integer, real, scalar, choice, optional, list, structure };

struct FieldInfo;

/// The description of a type for readers (and the OpenAPI writer). A value is read into a *slot* first, which may be
/// empty; only when there is no error at all are the values built from the slots, so that no half-read value exists.
struct TypeInfo {
  Kind kind = Kind::structure;
  bool bounded = false;                         // `min` and `max` hold; always so for integers and scalars
  bool secret = false;                          // it holds one, so that buffers are wiped
  std::int64_t min = 0;                         // integer, real: the range; scalar: code points; list: 0
  std::int64_t max = 0;                         // likewise; list: elements
  std::string_view format{};                    // scalar: "email", "id", …
  const TypeInfo* element = nullptr;            // optional, list
  std::span<const FieldInfo> fields{};          // structure
  std::span<const std::string_view> choices{};  // choice

  // scalar: parses into the slot. The text is valid UTF-8 of at most 4 * max bytes.
  InputError (*set)(void* slot, std::string_view text) = nullptr;
  // optional: marks it as present and gives the slot of its value; list: gives an empty slot for the next element.
  void* (*open)(void* slot) = nullptr;
  // list: the element just read is complete (and valid); adds it.
  void (*close)(void* slot) = nullptr;
  // structure: the slots of its fields, into an array of max_fields.
  void (*slots)(void* slot, void** out) = nullptr;
};

struct FieldInfo {
  std::string_view name;
  const TypeInfo* type;
  std::string_view not_secret{};      // why it is none though it is called like one
  std::string_view client_may_set{};  // why a client may, though it is called like a right
};

/// A type that brings its own `static Parsed<T> parse(std::string_view)`.
template <class T>
concept ParsesItself = requires(std::string_view text) {
  { T::parse(text) } -> std::same_as<Parsed<T>>;
};

template <class T>
concept WholeNumber =
    std::is_integral_v<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t> && sizeof(T) <= 8;

// The raw slots that readers write to directly.
struct BooleanSlot {
  bool value = false;
};
struct IntegerSlot {
  std::int64_t value = 0;
};
struct RealSlot {
  double value = 0;
};
struct ChoiceSlot {
  std::size_t index = 0;
};
template <class T>
struct ScalarSlot {
  std::optional<T> value{};
  T take() { return std::move(*value); }
};

/// How a type is read: `Slot` (with `take()`, which builds the value) and `info`. Not defined for what can't be read.
template <class T>
struct Schema;

template <>
struct Schema<bool> {
  struct Slot : BooleanSlot {
    bool take() const { return value; }
  };
  static constexpr TypeInfo info{.kind = Kind::boolean};
};

template <WholeNumber T>
struct Schema<T> {
  struct Slot : IntegerSlot {
    T take() const { return static_cast<T>(value); }
  };
  // An unsigned 64-bit field is read up to 2^63 - 1.
  static constexpr bool wide = std::is_unsigned_v<T> && sizeof(T) == 8;
  static constexpr TypeInfo info{.kind = Kind::integer,
                                 .bounded = true,
                                 .min = static_cast<std::int64_t>(std::numeric_limits<T>::min()),
                                 .max = wide ? std::numeric_limits<std::int64_t>::max()
                                             : static_cast<std::int64_t>(std::numeric_limits<T>::max())};
};

template <std::int64_t Min, std::int64_t Max>
struct Schema<Int<Min, Max>> {
  struct Slot : IntegerSlot {
    Int<Min, Max> take() const { return *Int<Min, Max>::of(value); }
  };
  static constexpr TypeInfo info{.kind = Kind::integer, .bounded = true, .min = Min, .max = Max};
};

template <>
struct Schema<double> {
  struct Slot : RealSlot {
    double take() const { return value; }
  };
  static constexpr TypeInfo info{.kind = Kind::real};
};

template <std::int64_t Min, std::int64_t Max>
struct Schema<Real<Min, Max>> {
  struct Slot : RealSlot {
    Real<Min, Max> take() const { return *Real<Min, Max>::of(value); }
  };
  static constexpr TypeInfo info{.kind = Kind::real, .bounded = true, .min = Min, .max = Max};
};

template <class T>
concept ScopedEnum = std::is_enum_v<T> && !std::is_convertible_v<T, std::underlying_type_t<T>>;

template <ScopedEnum T>
struct Schema<T> {
  struct Slot : ChoiceSlot {
    T take() const { return enum_names<T>.value[index]; }
  };
  static constexpr TypeInfo info{.kind = Kind::choice,
                                 .choices = std::span(enum_names<T>.name).first(enum_names<T>.count)};
};

// A custom scalar without `max_length` gets at most 1024 code points, and so 4 KiB at most.
template <class T>
consteval TypeInfo scalar_info() {
  TypeInfo info{.kind = Kind::scalar, .bounded = true, .secret = HoldsSecret<T>, .max = 1024};
  if constexpr (requires { T::min_length; }) info.min = static_cast<std::int64_t>(T::min_length);
  if constexpr (requires { T::max_length; }) info.max = static_cast<std::int64_t>(T::max_length);
  if constexpr (requires { T::format; }) info.format = T::format;
  return info;
}

template <ParsesItself T>
struct Schema<T> {
  using Slot = ScalarSlot<T>;
  static InputError set(void* slot, std::string_view text) {
    auto parsed = T::parse(text);
    if (!parsed) return parsed.error();
    static_cast<Slot*>(slot)->value.emplace(std::move(*parsed));
    return InputError::none;
  }
  static constexpr TypeInfo info = [] {
    TypeInfo scalar = scalar_info<T>();
    scalar.set = &set;
    return scalar;
  }();
};

// Passwords are made by the reader of src/schema/passwords.cpp only.
InputError set_password(void* slot, std::string_view text);
InputError set_new_password(void* slot, std::string_view text);

template <>
struct Schema<Password> {
  using Slot = ScalarSlot<Password>;
  static constexpr TypeInfo info{.kind = Kind::scalar,
                                 .bounded = true,
                                 .secret = true,
                                 .min = 1,
                                 .max = 1024,
                                 .format = "password",
                                 .set = &set_password};
};
template <>
struct Schema<NewPassword> {
  using Slot = ScalarSlot<NewPassword>;
  static constexpr TypeInfo info{.kind = Kind::scalar,
                                 .bounded = true,
                                 .secret = true,
                                 .min = 15,
                                 .max = 1024,
                                 .format = "password",
                                 .set = &set_new_password};
};

template <class T>
struct Schema<Maybe<T>> {
  struct Slot {
    typename Schema<T>::Slot inner{};
    bool present = false;
    Maybe<T> take() {
      if (!present) return std::nullopt;
      return inner.take();
    }
  };
  static void* open(void* slot) {
    auto& optional = *static_cast<Slot*>(slot);
    optional.present = true;
    return &optional.inner;
  }
  static constexpr TypeInfo info{
      .kind = Kind::optional, .secret = Schema<T>::info.secret, .element = &Schema<T>::info, .open = &open};
};

// `std::vector` and `List` are read alike.
template <class Container, class T, std::size_t Max>
struct ListSchema {
  struct Slot {
    std::vector<T> values{};
    typename Schema<T>::Slot next{};
    Container take() {
      if constexpr (std::same_as<Container, std::vector<T>>) {
        return std::move(values);
      } else {
        Container list;
        for (auto& value : values) static_cast<void>(list.add(std::move(value)));
        return list;
      }
    }
  };
  static void* open(void* slot) {
    auto& list = *static_cast<Slot*>(slot);
    list.next = typename Schema<T>::Slot{};
    return &list.next;
  }
  static void close(void* slot) {
    auto& list = *static_cast<Slot*>(slot);
    list.values.push_back(list.next.take());
  }
  static constexpr TypeInfo info{.kind = Kind::list,
                                 .bounded = true,
                                 .secret = Schema<T>::info.secret,
                                 .max = static_cast<std::int64_t>(Max),
                                 .element = &Schema<T>::info,
                                 .open = &open,
                                 .close = &close};
};
template <class T>
struct Schema<std::vector<T>> : ListSchema<std::vector<T>, T, default_list_max> {};
template <class T, std::size_t Max>
struct Schema<List<T, Max>> : ListSchema<List<T, Max>, T, Max> {};

// One base per field instead of a std::tuple: much cheaper to compile.
template <std::size_t I, class Field>
struct FieldSlot {
  typename Schema<Field>::Slot slot{};
};
template <class T, class Indices>
struct StructSlot;
template <class T, std::size_t... I>
struct StructSlot<T, std::index_sequence<I...>> : FieldSlot<I, FieldType<T, I>>... {
  T take() { return T{static_cast<FieldSlot<I, FieldType<T, I>>&>(*this).slot.take()...}; }
  void addresses([[maybe_unused]] void** out) {
    ((out[I] = &static_cast<FieldSlot<I, FieldType<T, I>>&>(*this).slot), ...);
  }
  static constexpr bool secret = (Schema<FieldType<T, I>>::info.secret || ...);
  static constexpr std::array<FieldInfo, sizeof...(I)> fields{
      FieldInfo{field_names<T>[I], &Schema<FieldType<T, I>>::info, reason_for<not_secret<T>, T, I>(),
                reason_for<client_may_set<T>, T, I>()}...};
};

// Not std::array, which is an aggregate too.
template <class T>
concept PlainStruct =
    std::is_aggregate_v<T> && std::is_class_v<T> && !ParsesItself<T> && !requires { std::tuple_size<T>::value; };

template <PlainStruct T>
struct Schema<T> {
  using Slot = StructSlot<T, std::make_index_sequence<field_count<T>>>;
  static void slots(void* slot, void** out) { static_cast<Slot*>(slot)->addresses(out); }
  static constexpr TypeInfo info{
      .kind = Kind::structure, .secret = Slot::secret, .fields = Slot::fields, .slots = &slots};
};

// Types that can't be an input, the most common mistakes first.
template <class T>
concept TextOfAnyLength = std::same_as<T, std::string> || std::same_as<T, std::string_view> ||
                          std::same_as<T, const char*> || std::same_as<T, char*>;
template <class T>
concept HasReader = std::same_as<T, bool> || WholeNumber<T> || std::same_as<T, double> || ScopedEnum<T> ||
                    ParsesItself<T> || std::same_as<T, Password> || std::same_as<T, NewPassword> || requires {
                      T::min;
                      T::max;
                      { T::of(T::min) } -> std::same_as<std::optional<T>>;
                    };

template <class T>
struct ElementOf {
  static constexpr bool exists = false;
  static constexpr bool optional = false;
};
template <class T>
struct ElementOf<Maybe<T>> {
  using Type = T;
  static constexpr bool exists = true;
  static constexpr bool optional = true;
};
template <class T>
struct ElementOf<std::vector<T>> {
  using Type = T;
  static constexpr bool exists = true;
  static constexpr bool optional = false;
};
template <class T, std::size_t Max>
struct ElementOf<List<T, Max>> {
  using Type = T;
  static constexpr bool exists = true;
  static constexpr bool optional = false;
};

/// Field number `Index` of the input `Struct`. It is printed when it has the name of a secret and an ordinary type.
template <class Struct, std::size_t Index, class Type>
struct NamedField {
  static constexpr bool checked = true;
  static constexpr bool like_a_secret = looks_secret<Type>(field_names<Struct>[Index]);
  static_assert(!like_a_secret || std::is_base_of_v<ExcusedField<Struct, Index>, not_secret<Struct>>,
                "SEC-009: a field that is called like a secret has a secret's type: sp::Password, sp::NewPassword, "
                "sp::OneTimeCode<6>, or your "
                "own with `using is_secret = void;`. Or say why it is none: "
                "template <> struct sp::not_secret<T> : sp::because<\"why\", &T::field> {};");
};

// `owner`, `user_id`, `authorId` …: the names under which a client would say whose a thing is. An `Id<User>` is looked at by the route, which
// may be for a role.
template <class Type>
consteval bool sets_owner(std::string_view name) {
  if (std::same_as<PlainType<Type>, Id<User>>) return false;
  for (const std::string_view known :
       {"owner", "ownerid", "userid", "authorid", "accountid", "creatorid", "createdby"}) {
    std::size_t at = 0;
    for (const char c : name) {
      if (c == '_') continue;
      if (at == known.size() || to_lower(c) != known[at]) {
        at = known.size() + 1;
        break;
      }
      ++at;
    }
    if (at == known.size()) return true;
  }
  return false;
}

// `Above` are the structs around this one.
template <class T, class... Above>
consteval bool check_part() {
  static_assert(!is_std_optional<T>,
                "SCHEMA-008: in an input write sp::Maybe<T> instead of std::optional<T>: used without a look at it, it "
                "ends the request, not the process");
  static_assert(
      !TextOfAnyLength<T>,
      "SCHEMA-001: a text in an input needs a length: write sp::Text<Min, Max>, or sp::Line<Min, Max> for one line");
  if constexpr (TextOfAnyLength<T> || is_std_optional<T>) {
    return false;
  } else if constexpr (ElementOf<T>::exists) {
    static_assert(!ElementOf<T>::optional || !ElementOf<typename ElementOf<T>::Type>::optional,
                  "SCHEMA-004: a Maybe of a Maybe has no JSON form: one is enough");
    return check_part<typename ElementOf<T>::Type, Above...>();
  } else if constexpr (HasReader<T>) {
    if constexpr (ScopedEnum<T>) {
      static_assert(enum_names<T>.count > 0, "SCHEMA-004: this enum has no value from -1 to 62 to read");
    }
    return true;
  } else if constexpr (PlainStruct<T>) {
    constexpr bool recursive = (std::same_as<T, Above> || ...);
    static_assert(!recursive,
                  "SCHEMA-003: an input can't contain itself: read a list of items that name their parent's id");
    if constexpr (!recursive) {
      static_assert(!Viewed<T> && !Declared<T>,
                    "SCHEMA-002: an entity can't be an input, or a client could set its owner: write a struct with the "
                    "fields that a client may choose");
      return []<std::size_t... I>(std::index_sequence<I...>) {
        static_assert(
            !(std::same_as<FieldType<T, I>, Id<T>> || ...),
            "SCHEMA-002: a struct with its own Id is an entity, and an entity can't be an input: write a struct "
            "with the fields that a client may choose");
        static_assert(
            !(sets_owner<FieldType<T, I>>(field_names<T>[I]) || ...),
            "SCHEMA-007: whose a thing is comes from SignedIn, never from a client: leave this member out and bind "
            "me.id. "
            "A member with another meaning is called by it (seller_name, assigned_to); who may choose a user takes "
            "sp::Id<sp::User> on a route for sp::role");
        return (check_part<FieldType<T, I>, T, Above...>() && ...) &&
               (NamedField<T, I, FieldType<T, I>>::checked && ...);
      }(std::make_index_sequence<field_count<T>>{});
    }
    return !recursive;
  } else {
    static_assert(
        HasReader<T>,
        "SCHEMA-004: a request can't be read into this type: use sp::Text, sp::Int, bool, double, an enum class, "
        "sp::Maybe, sp::List or a plain struct, or give the type static sp::Parsed<T> parse(std::string_view)");
    return false;
  }
}

template <class T>
consteval bool is_flat() {
  bool flat = true;
  for (const FieldInfo& field : Schema<T>::info.fields) {
    const TypeInfo* type = field.type;
    if (type->kind == Kind::optional || type->kind == Kind::list) type = type->element;
    if (type->kind == Kind::optional || type->kind == Kind::list || type->kind == Kind::structure) flat = false;
  }
  return flat;
}

/// True for types that `Body<T>` can read; others stop the build with the reason.
template <class T>
consteval bool check_input() {
  static_assert(PlainStruct<T> || ElementOf<T>::exists || TextOfAnyLength<T> || is_std_optional<T>,
                "SCHEMA-004: a body is read into a struct, or a list of structs");
  return check_part<T>();
}

/// True for types that `Form<T>` and `Query<T>` can read: a struct of scalars, optional scalars and lists of scalars.
template <class T>
consteval bool check_flat_input() {
  static_assert(PlainStruct<T>, "SCHEMA-005: a form or a query is read into a struct");
  if constexpr (PlainStruct<T>) {
    if constexpr (check_part<T>()) {
      static_assert(is_flat<T>(), "SCHEMA-005: a form or a query is flat: no struct, list or Maybe inside a list");
    }
  }
  return true;
}

/// True for types that a path parameter can be read into.
template <class T>
consteval bool check_scalar_input() {
  static_assert(HasReader<T> || TextOfAnyLength<T> || is_std_optional<T>,
                "SCHEMA-005: a path parameter is one value: sp::Id<T>, sp::Int, sp::Text …");
  return check_part<T>();
}

/// True for types that the path parameter `Name` can be read into.
template <FixedString Name, class T>
consteval bool check_path_input() {
  static_assert(
      !looks_secret<T>(Name.view()),
      "SEC-009: a path parameter that is called like a secret: take the secret in a Body<T>, or call the parameter "
      "by what it is (:coupon, :invitation)");
  return check_scalar_input<T>();
}

/// What is sent under names that a struct does not have.
enum class UnknownMembers : bool { are_errors, are_passed_over };

/// Reads a JSON document of `length` bytes into the slot of `type`. `capacity` is how many bytes from `bytes` on may be
/// read: with 64 beyond `length` nothing is copied. False: `errors` says why, and the slot is not to be taken.
[[nodiscard]] bool read_json(const char* bytes, std::size_t length, std::size_t capacity, const TypeInfo& type,
                             void* slot, FieldErrors& errors, UnknownMembers unknown = UnknownMembers::are_errors);

/// Reads `application/x-www-form-urlencoded` pairs, of a body or a query (without `?`).
[[nodiscard]] bool read_form(std::string_view pairs, const TypeInfo& type, void* slot, FieldErrors& errors,
                             UnknownMembers unknown = UnknownMembers::are_errors);

/// Reads one text that has been decoded already, a path parameter say, called `name` in errors.
[[nodiscard]] bool read_scalar(std::string_view text, std::string_view name, const TypeInfo& type, void* slot,
                               FieldErrors& errors);

/// True for JSON (RFC 8259) within the limits: UTF-8 without BOM, 32 levels, 1000 members per object, 10,000 values,
/// names of 128 bytes. What RFC 8259 leaves open, repeated names and the length of numbers, is refused by `read_json`
/// only.
[[nodiscard]] bool valid_json(std::string_view text);

template <class T>
[[nodiscard]] std::optional<T> read_json(const char* bytes, std::size_t length, std::size_t capacity,
                                         FieldErrors& errors) {
  static_assert(check_input<T>());
  typename Schema<T>::Slot slot{};
  if (!read_json(bytes, length, capacity, Schema<T>::info, &slot, errors)) return std::nullopt;
  return slot.take();
}

template <class T>
[[nodiscard]] std::optional<T> read_form(std::string_view pairs, FieldErrors& errors,
                                         UnknownMembers unknown = UnknownMembers::are_errors) {
  static_assert(check_flat_input<T>());
  typename Schema<T>::Slot slot{};
  if (!read_form(pairs, Schema<T>::info, &slot, errors, unknown)) return std::nullopt;
  return slot.take();
}

template <class T>
[[nodiscard]] std::optional<T> read_scalar(std::string_view text, std::string_view name, FieldErrors& errors) {
  static_assert(check_scalar_input<T>());
  typename Schema<T>::Slot slot{};
  if (!read_scalar(text, name, Schema<T>::info, &slot, errors)) return std::nullopt;
  return slot.take();
}

}  // namespace detail
}  // namespace sallyport
