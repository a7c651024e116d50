// Passwords in input structs: made by the password policy, whose reasons become input errors.
#include <sallyport/schema.hpp>
#include <sallyport/secret.hpp>

namespace sallyport::detail {
namespace {

InputError input_error(PasswordFlaw flaw) noexcept {
  switch (flaw) {
    case PasswordFlaw::none:
      return InputError::none;
    case PasswordFlaw::too_short:
      return InputError::too_short;
    case PasswordFlaw::too_long:
      return InputError::too_long;
    case PasswordFlaw::not_text:
      return InputError::format;
    case PasswordFlaw::too_common:
    case PasswordFlaw::own_data:
      return InputError::not_allowed;
  }
  return InputError::not_allowed;
}

template <class T, class Read>
InputError set(void* slot, std::string_view text, Read read) {
  PasswordFlaw flaw = PasswordFlaw::none;
  auto password = read(text, flaw);
  if (!password) return input_error(flaw);
  static_cast<ScalarSlot<T>*>(slot)->value.emplace(std::move(*password));
  return InputError::none;
}

}  // namespace

InputError set_password(void* slot, std::string_view text) {
  return set<Password>(slot, text, PasswordReader::password);
}

InputError set_new_password(void* slot, std::string_view text) {
  return set<NewPassword>(slot, text, PasswordReader::new_password);
}

}  // namespace sallyport::detail
