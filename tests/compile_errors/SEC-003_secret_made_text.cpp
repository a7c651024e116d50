// code: SEC-003
// cases: 9
#include <sallyport/one_time_code.hpp>
#include <sallyport/secret.hpp>

#include <iostream>
#include <string>

namespace sp = sallyport;

void log(std::string_view text) { std::cout << text; }
void control() { log("signed in"); }

#if CASE == 1
void print(const sp::Password& password) { std::cout << password; }
#elif CASE == 2
void print(const sp::SecretBytes& key) { std::cerr << "key: " << key << '\n'; }
#elif CASE == 3
std::string text(const sp::Password& password) { return password; }
#elif CASE == 4
void print(const sp::Password& password) { log(password); }
#elif CASE == 5
std::string text(const sp::Password& password) { return "password=" + password; }
#elif CASE == 6
std::string text(const sp::NewPassword& password) { return std::string{password}; }
#elif CASE == 7
const char* text(const sp::Password& password) { return password; }
#elif CASE == 8
void print(const sp::OneTimeCode<6>& code) { std::cout << code; }
#elif CASE == 9
std::string text(const sp::OneTimeCode<6>& code) { return code; }
#endif
