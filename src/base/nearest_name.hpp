// "Did you mean …?": the known name nearest to a misspelt one.
#pragma once

#include <span>
#include <string_view>

namespace sallyport::base {

/// Damerau–Levenshtein distance in its optimal-alignment form: inserted, dropped, changed and swapped letters each
/// count one. Compares at most the first 64 bytes of each.
[[nodiscard]] unsigned edit_distance(std::string_view a, std::string_view b) noexcept;

/// The nearest of `names`, the first of equals; empty when none is near: more than a third of the letters wrong.
[[nodiscard]] std::string_view nearest_name(std::string_view misspelt,
                                            std::span<const std::string_view> names) noexcept;

}  // namespace sallyport::base
