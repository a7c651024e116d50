// What the JSON and the form reader do alike: put one checked value into its slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sallyport/schema.hpp>

namespace sallyport::schema {

[[nodiscard]] InputError set_integer(std::int64_t number, const detail::TypeInfo& type, void* slot) noexcept;
[[nodiscard]] InputError set_real(double number, const detail::TypeInfo& type, void* slot) noexcept;
[[nodiscard]] InputError set_choice(std::string_view name, const detail::TypeInfo& type, void* slot) noexcept;
/// Refuses what is not UTF-8 and what is too long by far before the type's own parser sees it.
[[nodiscard]] InputError set_scalar(std::string_view text, const detail::TypeInfo& type, void* slot);

/// The field called `name`, looked for at `expected` first; `type.fields.size()` if there is none.
[[nodiscard]] std::size_t find_field(const detail::TypeInfo& type, std::string_view name,
                                     std::size_t expected) noexcept;

/// A value given as text (of a form, a query, a path): numbers as JSON writes them, `true`, `on` and `false`, the
/// name of an enum's value. Not for optionals, lists and structs.
[[nodiscard]] InputError set_from_text(std::string_view text, const detail::TypeInfo& type, void* slot);

}  // namespace sallyport::schema
