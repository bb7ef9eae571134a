// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: a service that answers whatever is asked with the next piece of the
// input. The pieces end with 0x1e; the first byte of each is the kind of answer. A password that was refused
// is not sent again, and what is asked for is a path of the service.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "power/redfish/redfish.h"
#include "power/redfish/test_service.h"
#include "promises.h"

namespace {

using pw::HttpAnswer;
using pw::test::promise;

constexpr std::size_t kMostAsked = 3000;
constexpr long kStatus[] = {200, 200, 200, 200, 201, 302, 401, 403, 404, 503};

pw::Nanoseconds now;
pw::Nanoseconds clock_of_fuzz() { return now += {100'000'000}; }

class Pieces : public pw::HttpClient {
 public:
  explicit Pieces(std::string_view input) : left_(input) {}
  HttpAnswer ask(const pw::HttpRequest& request) override {
    promise(request.path.starts_with("/") && request.path.find_first_of(" \r\n") == std::string::npos,
            "a path: " + request.path);
    promise(++asked_ < kMostAsked, "not asked without end");
    const bool password = !request.credentials.empty() || !request.body.empty();
    promise(!password || !refused_, "a refused password is not sent again");
    HttpAnswer answer = next();
    refused_ = refused_ || (password && answer.status == 401);
    return answer;
  }

 private:
  HttpAnswer next() {
    const std::size_t end = std::min(left_.find('\x1e'), left_.size());
    const std::string_view piece = left_.substr(0, end);
    left_.remove_prefix(std::min(end + 1, left_.size()));
    if (piece.empty()) return pw::test::http_answer(404);
    const auto kind = static_cast<unsigned char>(piece[0]) % (std::size(kStatus) + 1);
    if (kind == std::size(kStatus)) return pw::test::http_trouble(HttpAnswer::Trouble::timeout, "timed out");
    HttpAnswer answer = pw::test::http_answer(kStatus[kind], std::string(piece.substr(1)));
    if (kind % 2 == 0) answer.date = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (answer.status == 201) answer.token = "token";
    if (answer.status == 302 || answer.status == 201) answer.location = pw::printable(piece.substr(1));
    return answer;
  }

  std::string_view left_;
  std::size_t asked_ = 0;
  bool refused_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  now = {};
  pw::RedfishAddress address;
  address.user = "admin";
  address.host = "bmc";
  address.psu = (data[0] & 1) != 0;
  address.sensors = (data[0] & 2) != 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  bool transient = false;
  auto reader =
      pw::open_redfish_over(std::make_unique<Pieces>(input), address, "secret", 1, transient, clock_of_fuzz);
  if (!reader) {
    pw::test::promise_printable({pw::one_line(reader.error())});
    return 0;
  }
  std::map<int, double> joules;
  for (int i = 0; i < 5 && !(*reader)->refused(); ++i) pw::test::read_and_check(**reader, joules);
  return 0;
}
