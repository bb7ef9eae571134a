// SPDX-License-Identifier: GPL-3.0-or-later
// An HMC without a network, and its clock without time. What it answers has the names and the shape of the
// answers in github.com/mnellemann/hmci, src/test/resources (4-managed-system-energy.xml, its JSON, and
// 2-managed-system-pcm-preferences.xml, 2-managed-system-perf-data2.json,
// 3-logical-partition-perf-data.json).
#pragma once

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "power/hmc/hmc.h"
#include "power/http/json.h"

namespace pw::test {

inline Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

inline Nanoseconds hmc_now;
inline Nanoseconds hmc_clock() { return hmc_now; }

inline HttpAnswer hmc_answer(long status, std::string body = "") {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.what = "HTTP " + std::to_string(status);
  return answer;
}

// User "admin", password "secret"; a server of 20 units at `watts(t)`, in bins of 30 s of its own clock; the
// partition "ours" uses 2.5 units. Its clock is `epoch` at 0 of CLOCK_MONOTONIC.
struct FakeHmc {
  std::int64_t epoch = 1'700'000'100;  // of its clock at hmc_now = 0
  Nanoseconds step{10'000'000};        // that each answer takes
  std::int64_t behind = 5;             // s, after its end a bin is to be had
  std::function<Json(std::int64_t)> watts = [](std::int64_t) { return Json(500.0); };  // of the bin's end
  std::function<int(std::int64_t)> status = [](std::int64_t) { return 0; };
  Json preferences = {
      {"EnergyMonitoringCapable", true}, {"EnergyMonitorEnabled", true}, {"AggregationEnabled", true}};
  std::vector<std::string> systems = {"Server-A"}, partitions = {"ours", "theirs"};
  // Asked first: what it answers is the answer.
  std::function<std::optional<HttpAnswer>(const HttpRequest&)> fault;
  std::string token;  // of the session there is; "": none
  int log_ons = 0;
  std::vector<HttpRequest> requests;

  std::int64_t seconds() const { return epoch + hmc_now.value / 1'000'000'000; }
  std::size_t asked(std::string_view part) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        requests, [&](const HttpRequest& each) { return each.path.find(part) != std::string::npos; }));
  }

  HttpAnswer answer(const HttpRequest& request) {
    requests.push_back(request);
    hmc_now += step / 2;
    const std::string date = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(seconds()));
    const auto given = fault ? fault(request) : std::nullopt;
    HttpAnswer answer = given ? *given : page(request);
    hmc_now += step - step / 2;
    if (answer.trouble == HttpAnswer::Trouble::none) answer.date = date;
    return answer;
  }

 private:
  static std::string stamp(std::int64_t at) {  // an hour east of Greenwich, as the public answers are
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}+0100", fmt::gmtime(at + 3600));
  }
  HttpAnswer page(const HttpRequest& request) {
    const std::string method = request.method, &path = request.path;
    if (method == "PUT") return log_on(request);
    if (token.empty() || request.token != token) return hmc_answer(401);
    if (method == "DELETE") return token.clear(), hmc_answer(204);
    if (path == "/rest/api/uom/ManagedSystem/quick/All") return hmc_answer(200, list(systems, "SystemName"));
    if (path.ends_with("/LogicalPartition/quick/All"))
      return hmc_answer(200, list(partitions, "PartitionName"));
    if (path.ends_with("/preferences")) return hmc_answer(200, preferences_page());
    if (const auto at = path.find("ProcessedMetrics?"); at != std::string::npos) return feed(path);
    if (path.find("/rest/api/pcm/ProcessedMetrics/") == 0) return metrics(path);
    return hmc_answer(404);
  }
  HttpAnswer log_on(const HttpRequest& request) {
    if (request.body.find("<UserID>admin</UserID><Password>secret</Password>") == std::string::npos)
      return hmc_answer(401);
    token = fmt::format("t{}=", ++log_ons);
    return hmc_answer(
        200, fmt::format("<?xml version=\"1.0\"?><LogonResponse xmlns=\"x\"><Metadata><Atom/></Metadata>"
                         "<X-API-Session kb=\"ROR\">{}</X-API-Session></LogonResponse>",
                         token));
  }
  static std::string list(const std::vector<std::string>& names, const char* name) {
    Json all = Json::array();
    for (const std::string& each : names)
      all.push_back({{"UUID", "uuid-" + each}, {name, each}, {"MTMS", "9009-42A*" + each}});
    return all.dump();
  }
  std::string preferences_page() const {
    std::string xml = "<feed><entry><content><P:ManagedSystemPcmPreference xmlns:P=\"x\">";
    for (const auto& [name, value] : preferences.items())
      xml += fmt::format("<{0} kb=\"UOD\">{1}</{0}>", name, value.dump());
    return xml + "</P:ManagedSystemPcmPreference></content></entry></feed>";
  }
  // One link, whose name says what it has: the last of its bins, and how many.
  HttpAnswer feed(const std::string& path) const {
    const std::int64_t newest = (seconds() - behind) / 30 * 30;
    const std::string count = path.substr(path.find("NoOfSamples=") + 12);
    const char* kind = path.find("Type=Energy") != std::string::npos        ? "EnergyMetrics"
                       : path.find("LogicalPartition") != std::string::npos ? "LogicalPartition"
                                                                            : "ManagedSystem";
    return hmc_answer(
        200, fmt::format(
                 "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>1</id><link rel=\"self\" href=\"x\"/>"
                 "<entry><category term=\"ManagedSystem\" frequency=\"30\"/><link type=\"application/json\" "
                 "href=\"https://10.0.0.1:12443/rest/api/pcm/ProcessedMetrics/{}-{}-{}\"/></entry></feed>",
                 kind, newest, count));
  }
  HttpAnswer metrics(const std::string& path) const {
    const std::size_t last = path.rfind('-'), middle = path.rfind('-', last - 1);
    const std::int64_t count = std::stoll(path.substr(last + 1)),
                       newest = std::stoll(path.substr(middle + 1));
    Json samples = Json::array();
    for (std::int64_t i = count - 1; i >= 0; --i) {
      const std::int64_t end = newest - 30 * i;
      Json sample = {{"sampleInfo", {{"timeStamp", stamp(end)}, {"status", status(end)}}}};
      if (path.find("EnergyMetrics") != std::string::npos)
        sample["energyUtil"]["powerUtil"]["powerReading"] = Json::array({watts(end)});
      else if (path.find("LogicalPartition") != std::string::npos)
        sample["lparsUtil"] = {{{"uuid", "UUID-OURS"}, {"processor", {{"utilizedProcUnits", {2.5}}}}}};
      else
        sample.update(server());
      samples.push_back(sample);
    }
    return hmc_answer(
        200, Json{{"systemUtil", {{"utilInfo", {{"frequency", 30}}}, {"utilSamples", samples}}}}.dump());
  }
  static Json server() {
    return {{"systemFirmwareUtil", {{"utilizedProcUnits", {0.25}}}},
            {"serverUtil",
             {{"processor", {{"totalProcUnits", {20}}, {"utilizedProcUnits", {6.5}}}},
              {"memory", {{"totalMem", {1}}}}}},
            {"viosUtil",
             {{{"processor", {{"utilizedProcUnits", {0.5}}}}},
              {{"processor", {{"utilizedProcUnits", {0.75}}}}}}}};
  }
};

class FakeHmcHttp : public HttpClient {
 public:
  explicit FakeHmcHttp(std::shared_ptr<FakeHmc> hmc) : hmc_(std::move(hmc)) {}
  HttpAnswer ask(const HttpRequest& request) override { return hmc_->answer(request); }

 private:
  std::shared_ptr<FakeHmc> hmc_;
};

}  // namespace pw::test
