// The public rules by which MDN's HTTP Observatory (algorithm 6) scores a site, in our own words: the least that the header set must reach.
#pragma once

#include "support/response_invariants.hpp"

#include <string>
#include <vector>

namespace sallyport::testing {

/// What a scan has seen of a site.
struct ScannedSite {
  ResponseFields fields;  ///< of the page, Set-Cookie among them
  std::string body = {};
  std::string host = "localhost";           ///< with the port, as in `redirects`
  bool tls = true;                          ///< with a certificate that is valid
  bool preloaded = false;                   ///< on the list of sites that browsers ask by https only
  bool answers_in_clear = false;            ///< http is answered by the page itself or by nothing that leads to https
  std::vector<std::string> redirects = {};  ///< where http://host leads, hop by hop; empty: http is not served
  std::string probed_origin = "https://sallyport-scan.example";  ///< the Origin that was sent for `cors`
  ResponseFields cors = {};                                      ///< of the answer to it
};

struct ScanResult {
  std::string test;
  std::string finding;
  int modifier = 0;
};
struct ScanScore {
  int total = 0;  ///< 0 to 165
  std::string grade;
  std::vector<ScanResult> results;  ///< one for each of the twelve tests
  [[nodiscard]] const ScanResult& of(const std::string& test) const;
};

/// 100 and the sum of the modifiers; those above zero count only if those below leave 90 or more.
[[nodiscard]] ScanScore score(const ScannedSite& site);

}  // namespace sallyport::testing
