// `sallyport users`: the accounts of a service, for its operator.
#pragma once

#include <span>

namespace sallyport::tool {

/// How its command is written.
inline constexpr const char* users_help =
    "sallyport users list                 e-mail, role and name of every account\n"
    "sallyport users role EMAIL ROLE      gives the account this role; '' for an ordinary user\n"
    "sallyport users unlock EMAIL         forgets the attempts that have failed, so that its owner may sign in at "
    "once;\n"
    "                                     guesses elsewhere do not shut it again for 15 minutes, unless they come "
    "from\n"
    "                                     many addresses\n"
    "sallyport users end-sessions EMAIL   signs the account out everywhere\n"
    "sallyport users delete EMAIL --yes   deletes the account, and what refers to it with ON DELETE CASCADE\n"
    "each with --database FILE, or --config FILE: the service's own settings\n";

/// The words after `sallyport users`. Answers the exit status: 0, 1 when there is no such account or it can't be changed, 2 when the words
/// or the database are wrong.
int users(std::span<char*> words);

}  // namespace sallyport::tool
