// The table of settings: the one place that knows their names, meanings and bounds, and how to set them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ops/finding.hpp"
#include "ops/settings.hpp"

namespace sallyport::ops {

/// Where a setting is kept in Settings.
using Slot =
    std::variant<bool*, std::uint16_t*, std::uint32_t*, std::size_t*, std::string*, std::vector<std::string>*,
                 base::IpAddress*, std::vector<base::IpRange>*, Mode*, TlsVersion*, SameSite*, LimitStore*, Severity*>;

/// One row of the table.
struct Setting {
  std::string_view key;     ///< "limits.general_per_second": section and name
  Slot (*slot)(Settings&);  ///< finds its place
  std::string_view unit;    ///< "seconds"; empty for what has none
  std::string_view doc;     ///< one sentence
  std::int64_t min = 0;     ///< bounds, of numbers only
  std::int64_t max = 0;
  RefusalCode refused_as = "CFG-024";  ///< the code when the value is not acceptable
};

[[nodiscard]] std::span<const Setting> settings_table() noexcept;

/// "limits.general_burst" as a flag writes it after `--`: "limits.general-burst".
[[nodiscard]] std::string flag_name(std::string_view key);
/// As a variable writes it after `SALLYPORT_`: "LIMITS_GENERAL_BURST".
[[nodiscard]] std::string variable_name(std::string_view key);
/// The names of the sections, in their order.
[[nodiscard]] std::string section_names(std::string_view between);
/// Whether a flag without a value turns it on.
[[nodiscard]] bool is_switch(const Setting& setting);

/// The words of an enumeration, in the order of its values.
[[nodiscard]] std::span<const std::string_view> words_of(Mode) noexcept;
[[nodiscard]] std::span<const std::string_view> words_of(TlsVersion) noexcept;
[[nodiscard]] std::span<const std::string_view> words_of(SameSite) noexcept;
[[nodiscard]] std::span<const std::string_view> words_of(LimitStore) noexcept;
[[nodiscard]] std::span<const std::string_view> words_of(Severity) noexcept;
[[nodiscard]] std::string join(std::span<const std::string_view> words, std::string_view between);

/// The default as the file would write it: `"127.0.0.1"`.
[[nodiscard]] std::string default_of(const Setting& setting);
/// The default, or where that is empty a value that shows the form, as the file would write it: `["10.0.0.7"]`.
[[nodiscard]] std::string example_of(const Setting& setting);
/// That example set by the source that `where` names, to be pasted there: a line of the file, a flag or a variable.
[[nodiscard]] std::string example_for(const Setting& setting, std::string_view where);
/// What the setting takes, for people: "1 to 64 seconds", "strict or lax", "text".
[[nodiscard]] std::string bounds_of(const Setting& setting);

/// Text of a flag or a variable, still to be read as what the setting wants.
struct Words {
  std::string text;
};
/// A value as its source gave it; the empty state is one that no setting takes (a date, a table …).
using Value = std::variant<std::monostate, Words, bool, std::int64_t, std::string, std::vector<std::string>>;

/// Sets it, or says what is wrong and leaves it as it was.
[[nodiscard]] std::optional<Finding> assign(const Setting& setting, const Value& value, Settings& settings,
                                            std::string where);

}  // namespace sallyport::ops
