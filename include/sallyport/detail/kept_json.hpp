// Values of the application that the library keeps for it, in a cookie or a session: written as they are read, member by member.
#pragma once

#include <sallyport/json.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/view.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace sallyport::detail {

template <class T>
void write_kept(std::string& out, const T& value) {
  if constexpr (is_maybe<T>) {
    if (value) {
      write_kept(out, *value);
    } else {
      out.append("null");
    }
  } else if constexpr (ElementOf<T>::exists) {
    out.push_back('[');
    bool first = true;
    for (const auto& element : value) {
      if (!std::exchange(first, false)) out.push_back(',');
      write_kept(out, element);
    }
    out.push_back(']');
  } else if constexpr (PlainStruct<T>) {
    out.push_back('{');
    const auto fields = tie_fields(value);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto write = [&](std::string_view name, const auto& field, bool first) {
        if (!first) out.push_back(',');
        append_json_text(out, name);
        out.push_back(':');
        write_kept(out, field);
      };
      (write(field_names<T>[I], std::get<I>(fields), I == 0), ...);
    }(std::make_index_sequence<field_count<T>>{});
    out.push_back('}');
  } else {
    append_json(out, value);
  }
}

/// Nothing where it is no `T` any more: the program that wrote it knew another.
template <class T>
Maybe<T> read_kept(std::string text) {
  constexpr std::size_t readable = 64;  // beyond the end, see read_json
  const std::size_t size = text.size();
  text.reserve(size + readable);
  typename Schema<T>::Slot slot;
  FieldErrors errors;
  if (!read_json(text.data(), size, size + readable, Schema<T>::info, &slot, errors)) return std::nullopt;
  return slot.take();
}

/// Whether it can be kept: what an input may hold, and no secret, which would lie where it is not looked after.
template <class T>
consteval bool check_kept() {
  static_assert(PlainStruct<T>,
                "KEEP-001: what is kept in a session or a sealed cookie is a struct of your own: struct Cart { "
                "sp::List<Item, 50> items; };");
  if constexpr (PlainStruct<T>) {
    if constexpr (check_input<T>()) {
      static_assert(
          !Schema<T>::info.secret,
          "KEEP-002: a secret is not kept in a session or a cookie: passwords and codes are verified and forgotten");
    }
  }
  return true;
}

}  // namespace sallyport::detail
