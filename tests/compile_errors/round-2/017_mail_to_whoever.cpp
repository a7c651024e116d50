// M2 limits: Sends a mail to any address that anybody names, at each call. Should happen: is limited.
// Request: POST /forgot {"email":"victim@x.example"} a thousand times: how many mails?
#include "service.hpp"

#include <atomic>

struct Forgot {
  sp::Email email;
};
std::atomic<int> mails = 0;
void send_mail(std::string_view) { ++mails; }
sp::Response forgot(sp::Body<Forgot> in) {
  send_mail(in->email);
  return sp::Response::text(std::to_string(mails));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/forgot", sp::anyone("who forgot the password"), forgot);
  return app.run();
}
