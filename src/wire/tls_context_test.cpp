// What handshakes are made with: versions, suites, protocols, certificates by name, reloads, tickets, OCSP.
#include "wire/tls_context.hpp"

#include "support/tls_pair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace sallyport::wire {
namespace {

using testing::day;
using testing::Identity;
using testing::make_identity;
using testing::Pair;
using testing::pem;
using testing::Session;
using testing::Wish;
using Reload = TlsContext::Reload;

class TlsContextTest : public ::testing::Test {
 protected:
  TlsContextTest() {
    clock_.set_wall(std::chrono::system_clock::now());
    use(main_);
  }

  void use(const Identity& identity) {
    settings_.certificate = folder_.write("main.pem", pem(identity.certificate.get()));
    settings_.key = folder_.write("main.key", pem(identity.key.get()));
  }
  void use_more(const Identity& identity) {
    const std::string name = "more" + std::to_string(settings_.more_keys.size());
    settings_.more_certificates.push_back(folder_.write(name + ".pem", pem(identity.certificate.get())));
    settings_.more_keys.push_back(folder_.write(name + ".key", pem(identity.key.get())));
  }
  std::unique_ptr<TlsContext> make() { return TlsContext::create(settings_, mode_, host_, findings_, http2_, clock_); }
  // Where the findings are, after a service was refused.
  std::vector<std::string> refused() {
    findings_ = {};
    EXPECT_EQ(make(), nullptr);
    std::vector<std::string> where;
    for (const auto& finding : findings_.list()) {
      EXPECT_EQ(finding.code, "CFG-013");
      where.push_back(finding.where + ": " + finding.reason);
    }
    return where;
  }
  static std::string served(const TlsContext& tls, const char* name) {
    Pair pair(tls, [&](SSL* ssl) {
      if (name) SSL_set_tlsext_host_name(ssl, name);
    });
    EXPECT_TRUE(pair.shake());
    return pair.certificate();
  }

  testing::Folder folder_;
  Identity main_ = make_identity({});
  base::ManualClock clock_;
  ops::TlsSettings settings_;
  ops::Mode mode_ = ops::Mode::development;
  std::string host_ = "localhost";
  bool http2_ = true;
  ops::Findings findings_;
};

// --- versions and suites ---------------------------------------------------------------------------------------------

TEST_F(TlsContextTest, SpeaksTls13And12) {
  const auto tls = make();
  Pair newest(*tls);
  EXPECT_TRUE(newest.shake());
  EXPECT_EQ(SSL_version(newest.client.get()), TLS1_3_VERSION);
  EXPECT_TRUE(newest.talk());
  Pair older(*tls, [](SSL* ssl) { SSL_set_max_proto_version(ssl, TLS1_2_VERSION); });
  EXPECT_TRUE(older.shake());
  EXPECT_EQ(SSL_version(older.client.get()), TLS1_2_VERSION);
  EXPECT_TRUE(older.talk());
}

TEST_F(TlsContextTest, RefusesTls11) {
  const auto tls = make();
  Pair pair(*tls, [](SSL* ssl) {
    SSL_set_min_proto_version(ssl, TLS1_VERSION);
    SSL_set_max_proto_version(ssl, TLS1_1_VERSION);
  });
  EXPECT_FALSE(pair.shake());
  EXPECT_EQ(pair.server.last_error(), "unsupported protocol");
  EXPECT_EQ(ERR_GET_REASON(pair.client_error), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
}

TEST_F(TlsContextTest, ModernRefusesTls12) {
  settings_.minimum = ops::TlsVersion::v1_3;
  const auto tls = make();
  EXPECT_TRUE(Pair(*tls).shake());
  EXPECT_FALSE(Pair(*tls, [](SSL* ssl) { SSL_set_max_proto_version(ssl, TLS1_2_VERSION); }).shake());
}

TEST_F(TlsContextTest, TakesSixSuitesOfTls12AndNoOther) {
  const auto tls = make();
  const Identity rsa = make_identity({.rsa_bits = 2048});
  use(rsa);
  const auto tls_with_rsa = make();
  const auto accepted = [](const TlsContext& context, const char* suite) {
    Pair pair(context, [suite](SSL* ssl) {
      SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
      ASSERT_EQ(SSL_set_cipher_list(ssl, suite), 1) << suite;
    });
    return pair.shake();
  };
  for (const char* good :
       {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    EXPECT_TRUE(accepted(*tls, good)) << good;
  }
  for (const char* good :
       {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"}) {
    EXPECT_TRUE(accepted(*tls_with_rsa, good)) << good;
  }
  EXPECT_FALSE(accepted(*tls, "ECDHE-ECDSA-AES128-SHA"));                    // CBC
  EXPECT_FALSE(accepted(*tls, "ECDHE-ECDSA-AES256-SHA384"));                 // CBC
  EXPECT_FALSE(accepted(*tls_with_rsa, "AES128-GCM-SHA256"));                // no forward secrecy
  EXPECT_FALSE(accepted(*tls_with_rsa, "DHE-RSA-AES128-GCM-SHA256"));        // finite field
  EXPECT_FALSE(accepted(*tls_with_rsa, "AES256-SHA:ECDHE-RSA-AES256-SHA"));  // CBC
}

TEST_F(TlsContextTest, ClientsOrderOfSuitesCounts) {
  const auto tls = make();
  Pair pair(*tls, [](SSL* ssl) { SSL_set_ciphersuites(ssl, "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"); });
  ASSERT_TRUE(pair.shake());
  EXPECT_STREQ(SSL_get_cipher_name(pair.client.get()), "TLS_CHACHA20_POLY1305_SHA256");
}

TEST_F(TlsContextTest, WeakGroupsAreRefused) {
  const auto tls = make();
  EXPECT_TRUE(Pair(*tls, [](SSL* ssl) { SSL_set1_groups_list(ssl, "P-384"); }).shake());
  EXPECT_FALSE(Pair(*tls, [](SSL* ssl) { SSL_set1_groups_list(ssl, "P-521"); }).shake());  // not weak: not offered
  EXPECT_FALSE(Pair(*tls, [](SSL* ssl) { SSL_set1_groups_list(ssl, "ffdhe2048"); }).shake());
}

TEST_F(TlsContextTest, RenegotiationIsRefused) {
  const auto tls = make();
  Pair pair(*tls, [](SSL* ssl) { SSL_set_max_proto_version(ssl, TLS1_2_VERSION); });
  ASSERT_TRUE(pair.shake());
  ASSERT_TRUE(pair.talk());
  ASSERT_EQ(SSL_renegotiate(pair.client.get()), 1);
  SSL_do_handshake(pair.client.get());
  std::array<char, 8> space{};
  EXPECT_EQ(pair.server.read(space).state, net::IoState::wants_read);
  ERR_clear_error();
  EXPECT_LT(SSL_do_handshake(pair.client.get()), 1);
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_NO_RENEGOTIATION);
}

TEST_F(TlsContextTest, TicketsAllowNoEarlyData) {
  const auto tls = make();
  Pair pair(*tls);
  ASSERT_TRUE(pair.shake() && pair.talk());
  const Session session(SSL_get1_session(pair.client.get()));
  ASSERT_EQ(SSL_SESSION_is_resumable(session.get()), 1);
  EXPECT_EQ(SSL_SESSION_get_max_early_data(session.get()), 0U);
}

// --- ALPN ------------------------------------------------------------------------------------------------------------

struct Offered {
  bool http2;
  const char* offer;   // in the form of the wire; null: no ALPN
  const char* chosen;  // null: refused
};

TEST_F(TlsContextTest, ChoosesTheProtocol) {
  for (const Offered& offered : {Offered{true, "\x08http/1.1\x02h2", "h2"},  // the server's order
                                 Offered{true, "\x08http/1.1", "http/1.1"}, Offered{true, nullptr, ""},
                                 Offered{true,
                                         "\x03"
                                         "ftp\x08http/1.0",
                                         nullptr},
                                 Offered{false, "\x02h2\x08http/1.1", "http/1.1"}, Offered{false, "\x02h2", nullptr},
                                 Offered{false, nullptr, ""}}) {
    http2_ = offered.http2;
    const auto tls = make();
    Pair pair(*tls, [&](SSL* ssl) {
      const std::string_view offer = offered.offer ? offered.offer : "";
      SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(offer.data()),
                          static_cast<unsigned int>(offer.size()));
    });
    const bool shaken = pair.shake();
    const std::string about = std::string(offered.offer ? offered.offer : "none") + (offered.http2 ? " h2" : "");
    EXPECT_EQ(shaken, offered.chosen != nullptr) << about;
    if (offered.chosen) {
      EXPECT_EQ(pair.alpn(), offered.chosen) << about;
      EXPECT_EQ(pair.server.chose_http2(), pair.alpn() == "h2") << about;
    } else {
      EXPECT_EQ(pair.server.last_error(), "no application protocol") << about;
      EXPECT_EQ(ERR_GET_REASON(pair.client_error), SSL_AD_REASON_OFFSET + SSL_AD_NO_APPLICATION_PROTOCOL) << about;
    }
  }
}

// --- certificates by name --------------------------------------------------------------------------------------------

TEST_F(TlsContextTest, ChoosesTheCertificateByName) {
  const Identity other = make_identity({.names = "DNS:Other.example,DNS:exact.wild.example"});
  const Identity wild = make_identity({.names = "DNS:*.wild.example,DNS:localhost", .rsa_bits = 2048});
  use_more(other);
  use_more(wild);
  const auto tls = make();
  ASSERT_NE(tls, nullptr);
  const std::string main_pem = pem(main_.certificate.get());
  const std::string other_pem = pem(other.certificate.get());
  const std::string wild_pem = pem(wild.certificate.get());
  EXPECT_EQ(served(*tls, "localhost"), main_pem);  // the first that has it
  EXPECT_EQ(served(*tls, "other.example"), other_pem);
  EXPECT_EQ(served(*tls, "OTHER.eXample"), other_pem);
  EXPECT_EQ(served(*tls, "a.wild.example"), wild_pem);
  EXPECT_EQ(served(*tls, "exact.wild.example"), other_pem);  // before the wildcard
  EXPECT_EQ(served(*tls, "wild.example"), main_pem);         // a wildcard stands for one label, not none
  EXPECT_EQ(served(*tls, "a.b.wild.example"), main_pem);     // nor two
  EXPECT_EQ(served(*tls, "sub.other.example"), main_pem);
  EXPECT_EQ(served(*tls, "unknown.example"), main_pem);
  EXPECT_EQ(served(*tls, nullptr), main_pem);
  EXPECT_EQ(served(*tls, std::string(255, 'a').c_str()), main_pem);
}

TEST_F(TlsContextTest, TheNameAskedForIsKnown) {
  const auto tls = make();
  Pair pair(*tls, [](SSL* ssl) { SSL_set_tlsext_host_name(ssl, "notes.example"); });
  ASSERT_TRUE(pair.shake());
  EXPECT_EQ(pair.server.server_name(), "notes.example");
  Pair nameless(*tls);
  ASSERT_TRUE(nameless.shake());
  EXPECT_EQ(nameless.server.server_name(), "");
}

TEST_F(TlsContextTest, OtherCertificatesKeepTheRules) {
  use_more(make_identity({.names = "DNS:other.example"}));
  settings_.minimum = ops::TlsVersion::v1_3;
  const auto tls = make();
  const auto named = [](SSL* ssl) { SSL_set_tlsext_host_name(ssl, "other.example"); };
  EXPECT_TRUE(Pair(*tls, named).shake());
  EXPECT_FALSE(Pair(*tls, [&](SSL* ssl) {
                 named(ssl);
                 SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
               }).shake());
}

// --- judging ---------------------------------------------------------------------------------------------------------

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(TlsContextTest, ProductionTakesAGoodCertificate) {
  mode_ = ops::Mode::production;
  host_ = "notes.example";
  const Identity authority = make_identity({});
  use(make_identity({.names = "DNS:notes.example", .issuer = &authority}));
  use_more(make_identity({.names = "DNS:other.example", .issuer = &authority}));
  EXPECT_NE(make(), nullptr);
  EXPECT_THAT(findings_.list(), IsEmpty());
}

TEST_F(TlsContextTest, ProductionRefusesBadCertificates) {
  mode_ = ops::Mode::production;
  EXPECT_THAT(refused(), ElementsAre(HasSubstr("self-signed")));
  const Identity authority = make_identity({});
  const auto refused_with = [&](Wish wish) {
    wish.issuer = &authority;
    use(make_identity(wish));
    return refused();
  };
  EXPECT_THAT(refused_with({.until = day / 2}), ElementsAre(HasSubstr("within 24 hours")));
  EXPECT_THAT(refused_with({.from = -2 * day, .until = -day}), ElementsAre(HasSubstr("expired")));
  EXPECT_THAT(refused_with({.from = day}), ElementsAre(HasSubstr("not valid yet")));
  EXPECT_THAT(refused_with({.names = "DNS:other.example"}),
              ElementsAre(HasSubstr("is for other.example, not for the origin's host ")));
  EXPECT_THAT(refused_with({.digest = EVP_sha1()}), ElementsAre(HasSubstr("tls.certificate: the certificate")));
  EXPECT_THAT(refused_with({.rsa_bits = 1024}), ElementsAre(HasSubstr("tls.certificate: the certificate")));
  EXPECT_THAT(refused_with({.names = "DNS:other.example", .until = day / 2}), ::testing::SizeIs(2));
}

TEST_F(TlsContextTest, RefusesFilesThatDoNotFit) {
  settings_.certificate = folder_.file("none");
  EXPECT_THAT(refused(), ElementsAre("tls.certificate: the certificate can't be read"));
  use(main_);
  folder_.write("main.key", pem(make_identity({}).key.get()));
  EXPECT_THAT(refused(), ElementsAre(HasSubstr("tls.key: the private key can't be read, or is not")));
  folder_.write("main.key", pem(main_.key.get(), "secret"));
  EXPECT_THAT(refused(), ElementsAre(HasSubstr("tls.key")));
  folder_.write("main.key", "");
  EXPECT_THAT(refused(), ElementsAre(HasSubstr("tls.key")));
}

TEST_F(TlsContextTest, NobodyIsAskedForAPassphrase) {
  const auto ask = SSL_CTX_get_default_passwd_cb(make()->current().get());
  ASSERT_NE(ask, nullptr);  // OpenSSL's own would read from the terminal
  EXPECT_EQ(ask(nullptr, 0, 0, nullptr), -1);
}

TEST_F(TlsContextTest, RefusesBadOnesAmongMoreCertificates) {
  use_more(make_identity({.names = "DNS:fine.example"}));
  use_more(make_identity({.from = -2 * day, .until = -day}));
  EXPECT_THAT(refused(), ElementsAre(HasSubstr("tls.more_certificates #2: the certificate has expired")));
  settings_.more_keys.pop_back();
  EXPECT_THAT(refused(), ElementsAre(HasSubstr("tls.more_keys: there is not one key for each")));
}

// --- reload ----------------------------------------------------------------------------------------------------------

TEST_F(TlsContextTest, ReloadServesTheNewCertificateAndKeepsOldConnections) {
  const auto tls = make();
  Pair old(*tls);
  ASSERT_TRUE(old.shake());
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::unchanged);

  const Identity next = make_identity({});
  use(next);
  // Begun before the reload, done after it, with all callbacks.
  Pair under_way(*tls, [](SSL* ssl) {
    SSL_set_tlsext_host_name(ssl, "localhost");
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>("\x02h2"), 3);
  });
  SSL_do_handshake(under_way.client.get());
  EXPECT_EQ(under_way.server.handshake().state, net::IoState::wants_read);
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::loaded);
  EXPECT_THAT(findings_.list(), IsEmpty());
  EXPECT_EQ(served(*tls, nullptr), pem(next.certificate.get()));
  EXPECT_TRUE(old.talk());
  EXPECT_TRUE(under_way.shake());
  EXPECT_EQ(under_way.certificate(), pem(main_.certificate.get()));
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::unchanged);
}

TEST_F(TlsContextTest, ReloadKeepsWhatIsServedWhenFilesAreBad) {
  const auto tls = make();
  const auto served_before = tls->current();
  const Identity next = make_identity({});
  folder_.write("main.pem", pem(next.certificate.get()));  // its key has not come yet
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::refused);
  EXPECT_THAT(findings_.list(), ::testing::SizeIs(1));
  EXPECT_EQ(tls->current(), served_before);
  EXPECT_EQ(served(*tls, nullptr), pem(main_.certificate.get()));
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::unchanged);  // said once
  folder_.write("main.key", pem(next.key.get()));
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::loaded);
  EXPECT_EQ(served(*tls, nullptr), pem(next.certificate.get()));
  std::filesystem::remove(settings_.certificate);
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::refused);
  folder_.write("main.pem", "garbage");
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::refused);
  use(make_identity({.from = -2 * day, .until = -day}));
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::refused);
  EXPECT_EQ(served(*tls, nullptr), pem(next.certificate.get()));
}

TEST_F(TlsContextTest, ReloadOnDemandReadsUnchangedFiles) {
  const auto tls = make();
  const auto before = tls->current();
  EXPECT_GT(before.use_count(), 1);  // keeps everything, not only the SSL_CTX
  EXPECT_EQ(tls->reload(findings_), Reload::loaded);
  EXPECT_NE(tls->current(), before);
}

TEST_F(TlsContextTest, ReloadSeesFilesWrittenInPlaceAndMoreCertificates) {
  use_more(make_identity({.names = "DNS:other.example"}));
  const auto tls = make();
  const Identity next = make_identity({.names = "DNS:other.example", .rsa_bits = 2048});
  std::ofstream(settings_.more_certificates[0]) << pem(next.certificate.get());
  std::ofstream(settings_.more_keys[0]) << pem(next.key.get());
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::loaded);
  EXPECT_EQ(served(*tls, "other.example"), pem(next.certificate.get()));
  EXPECT_EQ(served(*tls, nullptr), pem(main_.certificate.get()));
}

TEST_F(TlsContextTest, HandshakesGoOnWhileOtherThreadsReload) {
  const auto tls = make();
  std::atomic<bool> stop = false;
  std::thread reloader([&] {
    ops::Findings ignored;
    while (!stop) tls->reload(ignored);
  });
  for (int i = 0; i < 20; ++i) {
    Pair pair(*tls);
    EXPECT_TRUE(pair.shake() && pair.talk());
  }
  stop = true;
  reloader.join();
}

// --- tickets ---------------------------------------------------------------------------------------------------------

class TlsTicketTest : public TlsContextTest, public ::testing::WithParamInterface<int> {
 protected:
  [[nodiscard]] static Session session_with(const TlsContext& tls, SSL_SESSION* session, bool& resumed) {
    Pair pair(tls, [session](SSL* ssl) {
      SSL_set_max_proto_version(ssl, GetParam());
      SSL_set_session(ssl, session);
    });
    EXPECT_TRUE(pair.shake() && pair.talk());
    resumed = SSL_session_reused(pair.client.get()) == 1;
    // A copy: a client's session is spoilt when its connection goes without close_notify.
    return Session(SSL_SESSION_dup(SSL_get_session(pair.client.get())));
  }
  bool resumes(const TlsContext& tls, const Session& session) {
    bool resumed = false;
    const Session copy(SSL_SESSION_dup(session.get()));
    static_cast<void>(session_with(tls, copy.get(), resumed));
    return resumed;
  }
  static Session new_session(const TlsContext& tls) {
    bool resumed = true;
    Session session = session_with(tls, nullptr, resumed);
    EXPECT_FALSE(resumed);
    return session;
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, TlsTicketTest, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

TEST_P(TlsTicketTest, ResumeForADayAtMost) {
  const auto tls = make();
  const Session first = new_session(*tls);
  EXPECT_TRUE(resumes(*tls, first));
  clock_.advance(std::chrono::hours(12));
  const Session second = new_session(*tls);  // turns the keys
  EXPECT_TRUE(resumes(*tls, first));         // by the key before
  EXPECT_TRUE(resumes(*tls, second));
  clock_.advance(std::chrono::hours(12) - std::chrono::seconds(1));
  EXPECT_TRUE(resumes(*tls, first));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_FALSE(resumes(*tls, first));
  EXPECT_TRUE(resumes(*tls, second));
  clock_.advance(std::chrono::hours(12));
  EXPECT_FALSE(resumes(*tls, second));
}

TEST_P(TlsTicketTest, NothingOutlivesADayWithoutVisitors) {
  const auto tls = make();
  const Session session = new_session(*tls);
  clock_.advance(std::chrono::hours(24));
  EXPECT_FALSE(resumes(*tls, session));
}

TEST_P(TlsTicketTest, AnOldTicketIsReplacedByANewOne) {
  const auto tls = make();
  const Session first = new_session(*tls);
  clock_.advance(std::chrono::hours(13));
  bool resumed = false;
  const Session copy(SSL_SESSION_dup(first.get()));
  const Session renewed = session_with(*tls, copy.get(), resumed);
  EXPECT_TRUE(resumed);
  clock_.advance(std::chrono::hours(12));
  EXPECT_FALSE(resumes(*tls, first));
  EXPECT_TRUE(resumes(*tls, renewed));
}

TEST_P(TlsTicketTest, KeysSurviveAReloadButNotAnotherServer) {
  const auto tls = make();
  const Session session = new_session(*tls);
  use(make_identity({}));
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::loaded);
  EXPECT_TRUE(resumes(*tls, session));
  EXPECT_FALSE(resumes(*make(), session));
}

TEST_P(TlsTicketTest, ATicketThatWasChangedIsNotTaken) {
  const auto tls = make();
  const Session session = new_session(*tls);
  unsigned char* der = nullptr;
  const int size = i2d_SSL_SESSION(session.get(), &der);
  std::string bytes(der, der + size);
  OPENSSL_free(der);
  const unsigned char* ticket = nullptr;
  std::size_t ticket_size = 0;
  SSL_SESSION_get0_ticket(session.get(), &ticket, &ticket_size);
  ASSERT_GT(ticket_size, 64U);
  const auto at = bytes.find(std::string(ticket, ticket + ticket_size));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 40] = static_cast<char>(bytes[at + 40] ^ 1);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const Session forged(d2i_SSL_SESSION(nullptr, &data, size));
  ASSERT_TRUE(forged);
  EXPECT_FALSE(resumes(*tls, forged));
}

// --- OCSP ------------------------------------------------------------------------------------------------------------

class TlsOcspTest : public TlsContextTest {
 protected:
  void answer(const std::string& der) { settings_.ocsp = folder_.write("ocsp.der", der); }
  static std::string stapled(const TlsContext& tls, const char* name = nullptr) {
    Pair pair(tls, [name](SSL* ssl) {
      SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
      if (name) SSL_set_tlsext_host_name(ssl, name);
    });
    EXPECT_TRUE(pair.shake());
    const unsigned char* data = nullptr;
    const long size = SSL_get_tlsext_status_ocsp_resp(pair.client.get(), &data);
    return size > 0 ? std::string(data, data + size) : "";
  }
  std::string good_ = testing::ocsp_answer(main_, V_OCSP_CERTSTATUS_GOOD, -60, day);
};

TEST_F(TlsOcspTest, IsStapledForTheMainCertificateUntilItExpires) {
  answer(good_);
  use_more(make_identity({.names = "DNS:other.example"}));
  const auto tls = make();
  ASSERT_NE(tls, nullptr);
  EXPECT_EQ(stapled(*tls), good_);
  EXPECT_EQ(stapled(*tls, "localhost"), good_);
  EXPECT_EQ(stapled(*tls, "other.example"), "");
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(stapled(*tls), "");
}

TEST_F(TlsOcspTest, BadAnswersAreRefusedAtStart) {
  const auto refused_with = [&](const std::string& der) {
    answer(der);
    return refused();
  };
  EXPECT_THAT(refused_with("garbage"), ElementsAre("tls.ocsp: the OCSP answer can't be read"));
  EXPECT_THAT(refused_with(testing::ocsp_answer(main_, V_OCSP_CERTSTATUS_REVOKED, -60, day)),
              ElementsAre(HasSubstr("does not say that the certificate is good")));
  EXPECT_THAT(refused_with(testing::ocsp_answer(main_, V_OCSP_CERTSTATUS_UNKNOWN, -60, day)),
              ElementsAre(HasSubstr("does not say that the certificate is good")));
  EXPECT_THAT(refused_with(testing::ocsp_answer(main_, V_OCSP_CERTSTATUS_GOOD, -day, -60)),
              ElementsAre(HasSubstr("out of date")));
  EXPECT_THAT(refused_with(testing::ocsp_answer(main_, V_OCSP_CERTSTATUS_GOOD, 3600, day)),
              ElementsAre(HasSubstr("not valid yet")));
  EXPECT_THAT(refused_with(testing::ocsp_answer(make_identity({}), V_OCSP_CERTSTATUS_GOOD, -60, day)),
              ElementsAre(HasSubstr("not for tls.certificate")));
  settings_.ocsp = folder_.file("none");
  EXPECT_THAT(refused(), ElementsAre("tls.ocsp: the OCSP answer can't be read"));
}

TEST_F(TlsOcspTest, ReloadTakesANewAnswerAndLeavesABadOneOut) {
  answer(good_);
  const auto tls = make();
  const std::string newer = testing::ocsp_answer(main_, V_OCSP_CERTSTATUS_GOOD, -30, 2 * day);
  answer(newer);
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::loaded);
  EXPECT_THAT(findings_.list(), IsEmpty());
  EXPECT_EQ(stapled(*tls), newer);
  const Identity next = make_identity({});
  use(next);
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::loaded);
  EXPECT_THAT(findings_.list(), ::testing::SizeIs(1));
  EXPECT_EQ(stapled(*tls), "");
  EXPECT_EQ(served(*tls, nullptr), pem(next.certificate.get()));
}

// --- the certificate for development -----------------------------------------------------------------------------------

TEST_F(TlsContextTest, DevelopmentCertificateServesAndIsKept) {
  settings_.certificate = folder_.file("development.pem");
  settings_.key = folder_.file("development.key");
  ASSERT_TRUE(make_development_certificate(settings_.certificate, settings_.key));
  const auto tls = make();
  ASSERT_NE(tls, nullptr);
  ASSERT_TRUE(make_development_certificate(settings_.certificate, settings_.key));
  EXPECT_EQ(tls->reload_if_changed(findings_), Reload::unchanged);
  EXPECT_EQ(std::filesystem::status(settings_.key).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_FALSE(make_development_certificate(folder_.file("none/a"), folder_.file("none/b")));
}

}  // namespace
}  // namespace sallyport::wire
