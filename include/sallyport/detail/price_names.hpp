// Names that prices have: fields by which a client would say what it pays.
#pragma once

#include <sallyport/detail/secret_names.hpp>

#include <string_view>

namespace sallyport::detail {

/// The last word of a name, in the singular: `unit_price`, `shippingFee`. An `amount` alone is no price: a transfer has one that the payer
/// chooses.
inline constexpr std::string_view price_words[] = {"price", "total",     "subtotal", "discount", "rebate",
                                                   "fee",   "surcharge", "cost",     "vat",      "tax",
                                                   "paid",  "balance",   "payable",  "refund"};
/// Whole names.
inline constexpr std::string_view price_names[] = {"totalamount",   "amounttotal", "amountdue",   "dueamount",
                                                   "amountpaid",    "paidamount",  "amounttopay", "orderamount",
                                                   "paymentstatus", "creditlimit"};
/// Behind a price these leave it one: `price_cents`, `total_in_eur`.
inline constexpr std::string_view price_tails[] = {
    "cent",  "cents", "minor", "units", "eur", "euro",  "euros", "usd",    "dollar",  "dollars", "gbp",
    "pence", "chf",   "net",   "gross", "in",  "value", "due",   "amount", "percent", "each",    "sum"};
/// The first word of a name that is about a search: `max_price`.
inline constexpr std::string_view price_bounds[] = {"min", "max",    "minimum", "maximum", "from",
                                                    "to",  "lowest", "highest", "least",   "most"};

constexpr bool is_price_name(std::string_view text) noexcept {
  SquashedName name = squash_name(text);
  const auto contains = [](const auto& list, std::string_view word) {
    for (const std::string_view known : list) {
      if (word == known) return true;
    }
    return false;
  };
  if (contains(price_names, name.view())) return true;
  for (const std::string_view bound : price_bounds) {
    if (name.view().starts_with(bound) && name.size > bound.size() && name.starts_at(bound.size())) return false;
  }
  for (int words = 0; words < 4; ++words) {
    const std::string_view last = name.last_word();
    if (contains(price_words, last)) return true;
    if (last.ends_with('s') && contains(price_words, last.substr(0, last.size() - 1))) return true;
    if (last.size() == name.size || !contains(price_tails, last)) return false;
    name.cut(last.size());
  }
  return false;
}

}  // namespace sallyport::detail
