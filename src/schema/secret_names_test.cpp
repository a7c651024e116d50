// Tests of the names that secrets have, and of what is a reason.
#include <sallyport/detail/reason.hpp>
#include <sallyport/detail/secret_names.hpp>

#include <gtest/gtest.h>

#include <string>

namespace sallyport::detail {
namespace {

TEST(SecretNames, OfSecrets) {
  for (const char* name : {"password",
                           "passwd",
                           "pwd",
                           "pin",
                           "otp",
                           "totp",
                           "mfa_code",
                           "code",
                           "reset_code",
                           "resetCode",
                           "ResetCode",
                           "one_time_code",
                           "oneTimeCode",
                           "confirmation_code",
                           "backup_code",
                           "access_token",
                           "accessToken",
                           "client_secret",
                           "api_key",
                           "apiKey",
                           "private_key",
                           "cvv",
                           "cvc2",
                           "card_number",
                           "password2",
                           "password_hash",
                           "new_password",
                           "passwordConfirmation",
                           "card_pin_hash",
                           "user_pwd",
                           "userPin",
                           "apikey",
                           "code_hash",
                           "sms_code",
                           "smscode",
                           "sign_in_code",
                           "APIKey",
                           "code_",
                           "_token",
                           "tokenHash",
                           "two_factor_code",
                           "2fa_code",
                           "OTP",
                           "voucher",
                           "mothers_maiden_name",
                           "gift_voucher",
                           "door_digits",
                           "redeemCode",
                           "gift_card_code"})
    EXPECT_EQ(secret_name(name), SecretName::one) << name;
}

TEST(SecretNames, PluralsAreToldApart) {
  for (const char* name : {"backup_codes", "recoveryCodes", "tokens", "pins", "api_keys"})
    EXPECT_EQ(secret_name(name), SecretName::several) << name;
}

TEST(SecretNames, OfOtherThings) {
  for (const char* name : {"country_code",
                           "zip_code",
                           "postal_code",
                           "color_code",
                           "status_code",
                           "error_code",
                           "countryCode",
                           "barcode",
                           "economy_code",
                           "spin",
                           "title",
                           "token_count",
                           "pinned",
                           "shipping",
                           "name",
                           "key",
                           "note",
                           "codebase",
                           "encode",
                           "threshold_code",
                           "context_code",
                           "zipcode",
                           "status_codes",
                           "promo_code",
                           "passport",
                           "opinion",
                           "bypass",
                           "secretary",
                           "",
                           "x",
                           "s",
                           "postcode",
                           "language_code",
                           "password_changed_at",
                           "code_of_conduct",
                           "hash",
                           "compass",
                           "coupon",
                           "zip",
                           "text",
                           "data"})
    EXPECT_EQ(secret_name(name), SecretName::no) << name;
}

TEST(SecretNames, OfAnyLength) {
  EXPECT_EQ(secret_name(std::string(200, 'a') + "_token"), SecretName::one);
  EXPECT_EQ(secret_name(std::string(63, 'a') + "Pin"), SecretName::one);
  EXPECT_EQ(secret_name(std::string(64, 'a')), SecretName::no);
  EXPECT_EQ(secret_name("____"), SecretName::no);
  EXPECT_EQ(secret_name("1234"), SecretName::no);
}

TEST(Reasons, TwoWordsThatSaySomething) {
  for (const char* text : {"the manual", "the sign-in form", "a greeting for everybody", "RFC 9110 asks for it",
                           "die Anmeldung für Gäste", "публичная страница"})
    EXPECT_TRUE(is_reason(text)) << text;
}

TEST(Reasons, NoneAtAll) {
  for (const char* text : {"",
                           "          ",
                           "..............",
                           "public",
                           "publicpublic",
                           "public public",
                           "todo Todo todo",
                           "todo: why, why",
                           "xxxxxxxxxx xxxxxxxxxx",
                           "aaaaaaaaaa bbbbbbbbbb",
                           "abababab cdcdcdcd",
                           "a b c d e f g",
                           "1234567890 0987654321",
                           "- - - - - - - - fine",
                           "ok ..................... ok",
                           "foo bar baz foo",
                           "lorem ipsum dolor",
                           "the page\nand a second line",
                           "fine now",
                           "tbd tba tbc later"})
    EXPECT_FALSE(is_reason(text)) << text;
  EXPECT_FALSE(is_reason("a short reason", 20));
}

}  // namespace
}  // namespace sallyport::detail
