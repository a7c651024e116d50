// A thread that outlives the request logs how the mail went.
#include "../round-2/service.hpp"

#include <thread>

struct Mail {
  sp::Line<1, 100> subject;
};
sp::NoContent send_mail(sp::Body<Mail> in, sp::SignedIn, sp::Log& log) {
  std::thread([&log, subject = std::string(in->subject)] {
    std::this_thread::sleep_for(300ms);  // the mail server is slow
    log.info("mail_sent", {{"subject", subject}});
  }).detach();
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/mails", sp::signed_in, send_mail);
  return app.run();
}
