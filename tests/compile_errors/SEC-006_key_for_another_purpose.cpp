// code: SEC-006
// cases: 2
#include "crypto/master_key.hpp"

using namespace sallyport::crypto;

void sign_session(const Key<purpose::SessionMac>&) {}
void control(const MasterKey& master) { sign_session(master.derive<purpose::SessionMac>()); }

#if CASE == 1
void mistake(const MasterKey& master) { sign_session(master.derive<purpose::CsrfToken>()); }
#elif CASE == 2
void mistake(const Key<purpose::CookieMac>& key) { Key<purpose::SessionMac> other = key; }
#endif
