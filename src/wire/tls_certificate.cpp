// Checks certificates and OCSP answers, and makes the certificate for development.
#include "wire/tls_certificate.hpp"

#include "base/character_class.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace sallyport::wire {
namespace {

constexpr std::time_t day = std::time_t{24} * 60 * 60;

std::optional<std::time_t> to_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return ::timegm(&parts);
}

// The answer's part about the certificate, known by its issuer's name and its number: together they are unique (RFC 5280 4.1.2.2).
OCSP_SINGLERESP* answer_for(OCSP_BASICRESP* answers, X509* certificate) {
  for (int i = 0; i < OCSP_resp_count(answers); ++i) {
    OCSP_SINGLERESP* const answer = OCSP_resp_get0(answers, i);
    ASN1_OCTET_STRING* issuer = nullptr;
    ASN1_OBJECT* hash = nullptr;
    ASN1_INTEGER* number = nullptr;
    const net::Owned<OCSP_CERTID, OCSP_CERTID_free> id(OCSP_CERTID_dup(OCSP_SINGLERESP_get0_id(answer)));
    if (!id || OCSP_id_get0_info(&issuer, &hash, nullptr, &number, id.get()) != 1) continue;
    if (ASN1_INTEGER_cmp(number, X509_get0_serialNumber(certificate)) != 0) continue;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const EVP_MD* const method = EVP_get_digestbyobj(hash);
    if (!method || X509_NAME_digest(X509_get_issuer_name(certificate), method, digest.data(), &size) != 1) continue;
    const unsigned char* const named = ASN1_STRING_get0_data(issuer);
    if (std::equal(digest.begin(), digest.begin() + size, named, named + ASN1_STRING_length(issuer))) return answer;
  }
  return nullptr;
}

bool write_pem(const std::string& path, auto&& write) {
  // Written under another name, then renamed: no process reads half a file, and the key is private from its first byte.
  const std::string beside = path + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  std::FILE* stream = ::fdopen(file, "w");
  if (!stream) {
    ::close(file);
    return false;
  }
  const bool written = write(stream);
  const bool closed = std::fclose(stream) == 0;
  return written && closed && ::rename(beside.c_str(), path.c_str()) == 0;
}

bool still_valid(const std::string& certificate, const std::string& key) {
  if (::access(key.c_str(), R_OK) != 0) return false;
  const net::Bio file(BIO_new_file(certificate.c_str(), "r"));
  if (!file) return false;
  const net::Certificate existing(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  std::time_t tomorrow = std::time(nullptr) + day;
  return existing && X509_cmp_time(X509_get0_notAfter(existing.get()), &tomorrow) > 0;
}

bool add_extension(X509* certificate, int name, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const net::Owned<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, &context, name, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Whom a certificate is for, for people: the first of its names.
std::string some_names(X509* certificate) {
  constexpr std::size_t most = 3;
  const std::vector<std::string> names = certificate_names(certificate);
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) out.append(out.empty() ? "" : ", ").append(names[i]);
  if (names.size() > most) out += " …";
  return names.empty() ? "no host" : out;
}

}  // namespace

void judge_certificate(X509* certificate, ops::Mode mode, const std::string& host, std::time_t now,
                       const std::string& where, ops::Findings& findings) {
  const auto bad = [&](const std::string& reason, const char* fix) { findings.add("CFG-013", where, reason, fix); };
  std::time_t soon = now + (mode == ops::Mode::production ? day : 0);
  if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0)
    bad("the certificate is not valid yet", "check the clock, or renew it");
  if (X509_cmp_time(X509_get0_notAfter(certificate), &soon) < 0) {
    bad("the certificate has expired, or does within 24 hours", "renew it");
  }
  if (!host.empty() && X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) != 1 &&
      X509_check_ip_asc(certificate, host.c_str(), 0) != 1) {
    bad("the certificate is for " + some_names(certificate) + ", not for the origin's host " + host,
        "get one whose subject alternative names include that host, or name the right one in server.origin");
  }
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < 2048) {
    bad("the certificate's RSA key is shorter than 2048 bits", "make a new key: P-256, or RSA with 2048 bits or more");
  }
  int digest = 0;
  if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) == 1 &&
      (digest == NID_sha1 || digest == NID_md5)) {
    bad("the certificate is signed with SHA-1 or MD5", "get a new one");
  }
  if (mode == ops::Mode::production && X509_self_signed(certificate, 0) == 1) {
    bad("the certificate is self-signed: no browser will trust it",
        "get one from a certificate authority (ACME); to try it out on this machine: --mode=development");
  }
}

std::vector<std::string> certificate_names(X509* certificate) {
  std::vector<std::string> found;
  const net::Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const unsigned char* const text = ASN1_STRING_get0_data(name->d.dNSName);
    std::string& lower = found.emplace_back(text, text + ASN1_STRING_length(name->d.dNSName));
    std::transform(lower.begin(), lower.end(), lower.begin(), base::to_lower);
  }
  return found;
}

Staple load_staple(const std::string& file, X509* certificate, std::time_t now, ops::Findings& findings) {
  const auto unusable = [&](const char* reason) {
    findings.add("CFG-013", "tls.ocsp", reason, "fetch a new answer from the certificate's OCSP responder");
    return Staple();
  };
  const net::Bio input(BIO_new_file(file.c_str(), "rb"));
  const net::Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> response(input ? d2i_OCSP_RESPONSE_bio(input.get(), nullptr)
                                                                     : nullptr);
  if (!response) return unusable("the OCSP answer can't be read");
  const net::Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> answers(OCSP_response_get1_basic(response.get()));
  if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL || !answers)
    return unusable("the OCSP answer is an error message");
  OCSP_SINGLERESP* const answer = answer_for(answers.get(), certificate);
  if (!answer) return unusable("the OCSP answer is not for tls.certificate");
  ASN1_GENERALIZEDTIME* from = nullptr;
  ASN1_GENERALIZEDTIME* until = nullptr;
  if (OCSP_single_get0_status(answer, nullptr, nullptr, &from, &until) != V_OCSP_CERTSTATUS_GOOD)
    return unusable("the OCSP answer does not say that the certificate is good");
  const auto begin = to_time(from);
  const auto end = to_time(until);
  if (!begin || *begin > now) return unusable("the OCSP answer is not valid yet");
  if (!end || *end <= now) return unusable("the OCSP answer is out of date, or has no nextUpdate");

  Staple staple;
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response.get(), &der);
  if (size <= 0) return unusable("the OCSP answer can't be read");
  staple.der.assign(der, der + size);
  staple.until = *end;
  OPENSSL_free(der);
  return staple;
}

bool make_development_certificate(const std::string& certificate_path, const std::string& key_path) {
  if (still_valid(certificate_path, key_path)) return true;
  const net::PrivateKey key(EVP_EC_gen("P-256"));
  const net::Certificate certificate(X509_new());
  if (!key || !certificate) return false;
  X509* const x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  const net::Owned<BIGNUM, BN_free> serial(BN_new());
  BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(x));
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 30 * day);
  X509_set_pubkey(x, key.get());
  X509_NAME* const name = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("Sallyport development"),
                             -1, -1, 0);
  X509_set_issuer_name(x, name);
  if (!add_extension(x, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") ||
      !add_extension(x, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(x, NID_ext_key_usage, "serverAuth") || X509_sign(x, key.get(), EVP_sha256()) == 0) {
    return false;
  }
  return write_pem(key_path,
                   [&](std::FILE* file) {
                     return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
                   }) &&
         write_pem(certificate_path, [&](std::FILE* file) { return PEM_write_X509(file, x) == 1; });
}

}  // namespace sallyport::wire
