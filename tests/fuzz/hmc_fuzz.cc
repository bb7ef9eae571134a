// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: an HMC that answers whatever is asked with the next piece of the input.
// The pieces end with 0x1e; the first byte of each is the kind of answer, the second how far its clock goes
// on. A password that was refused is not sent again, and what is asked for is a path of its REST interface.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "power/hmc/hmc.h"
#include "promises.h"

namespace {

using pw::HttpAnswer;
using pw::test::promise;

constexpr std::size_t kMostAsked = 3000;
constexpr long kStatus[] = {200, 200, 200, 200, 204, 401, 403, 503};

pw::Nanoseconds now;
pw::Nanoseconds clock_of_fuzz() { return now += {100'000'000}; }

class Pieces : public pw::HttpClient {
 public:
  explicit Pieces(std::string_view input) : left_(input) {}
  HttpAnswer ask(const pw::HttpRequest& request) override {
    promise(
        request.path.starts_with("/rest/api/") && request.path.find_first_of(" \r\n") == std::string::npos,
        "a path: " + request.path);
    promise(++asked_ < kMostAsked, "not asked without end");
    promise(request.token.find_first_of("\r\n") == std::string::npos, "a token is one line");
    promise(request.body.empty() || !refused_, "a refused password is not sent again");
    HttpAnswer answer = next();
    refused_ = refused_ || (!request.body.empty() && answer.status == 401);
    return answer;
  }

 private:
  HttpAnswer next() {
    const std::size_t end = std::min(left_.find('\x1e'), left_.size());
    const std::string_view piece = left_.substr(0, end);
    left_.remove_prefix(std::min(end + 1, left_.size()));
    HttpAnswer answer;
    answer.what = "HTTP";
    answer.status = 404;
    if (piece.size() < 2) return answer;
    const auto kind = static_cast<unsigned char>(piece[0]) % (std::size(kStatus) + 1);
    if (kind == std::size(kStatus)) {
      answer.status = 0;
      answer.trouble = HttpAnswer::Trouble::timeout;
      return answer;
    }
    unix_s_ += static_cast<signed char>(piece[1]);
    answer.status = kStatus[kind];
    answer.body = piece.substr(2);
    answer.date = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(unix_s_));
    return answer;
  }

  std::string_view left_;
  std::time_t unix_s_ = 1'669'133'850;
  std::size_t asked_ = 0;
  bool refused_ = false;
};

void check_bins(pw::PowerReader& reader, bool all) {
  for (const pw::ServerBin& bin : reader.take_bins(all)) {
    promise(bin.begin.value >= 0 && bin.begin < bin.end, "a bin has a length");
    for (const auto& units : {bin.ours, bin.partitions, bin.virtual_io, bin.firmware, bin.total})
      promise(!units || (std::isfinite(*units) && *units >= 0), "units are finite");
    promise(!bin.watts || (bin.watts->value > 0 && bin.watts->value <= 1e6), "watts that can be");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  now = {20'000'000'000'000};
  pw::HmcAddress address;
  address.user = "admin";
  address.host = "hmc";
  std::vector<std::unique_ptr<pw::HttpClient>> ways;
  ways.push_back(
      std::make_unique<Pieces>(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1)));
  bool transient = false;
  auto reader = pw::open_hmc_over(std::move(ways), address, "secret", (data[0] & 1) != 0 ? "lpar-7" : "", 1,
                                  transient, clock_of_fuzz);
  if (!reader) {
    pw::test::promise_printable({pw::one_line(reader.error())});
    return 0;
  }
  std::map<int, double> joules;
  for (int i = 0; i < 5 && !(*reader)->refused(); ++i) {
    pw::test::read_and_check(**reader, joules);
    check_bins(**reader, false);
  }
  check_bins(**reader, true);
  return 0;
}
