// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/documents.h"

#include <gmock/gmock.h>

#include "os/file.h"
#include "power/hmc/clock.h"
#include "power/hmc/partition.h"
#include "power/hmc/test_hmc.h"
#include "power/hmc/xml.h"

namespace pw {
namespace {

using test::at;
using testing::ElementsAre;

TEST(Xml, ElementsOneAfterTheOther) {
  XmlElements elements(
      "<?xml version='1.0'?><!-- <no/> --><a:one b='1 > 0' c:d=\"x&amp;y\"> 2 &lt; 3 "
      "<two/><![CDATA[<no/>]]></a:one>");
  ASSERT_TRUE(elements.next());
  EXPECT_EQ(elements.name(), "one");
  EXPECT_EQ(elements.attribute("b"), "1 > 0");
  EXPECT_EQ(elements.attribute("d"), "x&y");
  EXPECT_EQ(elements.attribute("e"), std::nullopt);
  EXPECT_EQ(elements.text(), "2 < 3");
  ASSERT_TRUE(elements.next());
  EXPECT_EQ(elements.name(), "two");
  EXPECT_EQ(elements.text(), "");
  EXPECT_FALSE(elements.next());
}

TEST(Xml, WhatIsMalformedEndsIt) {
  for (const char* text :
       {"", "no", "<", "<a", "<a b='", "<!-- <a>", "<?xml <a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>", "< >"}) {
    XmlElements elements(text);
    EXPECT_FALSE(elements.next()) << text;
  }
  XmlElements odd("<a b c=d e='f'>");
  ASSERT_TRUE(odd.next());
  EXPECT_EQ(odd.attribute("e"), std::nullopt);
}

// Its clock is 1669133850 at 100 s of ours, less or more.
TEST(HmcClock, EachAnswerNarrowsItAndASlowOneDoesNoHarm) {
  HmcClock clock;
  EXPECT_FALSE(clock.known());
  clock.take("no date", at(99), at(101));
  EXPECT_FALSE(clock.known());
  clock.take("Tue, 22 Nov 2022 16:17:30 GMT", at(100.2), at(100.4));  // it began between 99.2 and 100.4
  EXPECT_NEAR(to_seconds(clock.doubt()).value, 1.2, 1e-5);
  clock.take("Tue, 22 Nov 2022 16:17:40 GMT", at(110.8), at(110.9));  // 109.8 and 110.9
  EXPECT_LT(clock.doubt().value, at(0.7).value);
  clock.take("Tue, 22 Nov 2022 16:18:10 GMT", at(111), at(171));
  EXPECT_LT(clock.doubt().value, at(0.7).value);
  const double off = to_seconds(clock.at(1669133850) - at(100)).value;
  EXPECT_GT(off, -0.3);
  EXPECT_LT(off, 0.5);
  EXPECT_EQ(clock.unix_s(clock.at(1669133900)), 1669133900);
  EXPECT_FALSE(clock.take_jump());
  clock.take("Tue, 22 Nov 2022 16:20:40 GMT", at(171), at(171.1));  // 90 s further
  EXPECT_TRUE(clock.take_jump());
  EXPECT_FALSE(clock.take_jump());
  EXPECT_NEAR(to_seconds(clock.doubt()).value, 1.1, 1e-5);
}

TEST(HmcDocuments, ATokenIsOneLineOrNone) {
  EXPECT_EQ(session_token("<LogonResponse><X-API-Session kb='ROR'>abc=</X-API-Session></LogonResponse>"),
            "abc=");
  EXPECT_EQ(session_token("<html>"), "");
  EXPECT_EQ(session_token("<X-API-Session>a\r\nb: c</X-API-Session>"), "");
}

TEST(HmcDocuments, PreferencesThatAreNotToldAreUnknown) {
  const PcmPreferences told =
      pcm_preferences("<a><EnergyMonitorEnabled kb='UOD'>true</EnergyMonitorEnabled><b/></a>");
  EXPECT_EQ(told.energy, true);
  EXPECT_EQ(told.capable, std::nullopt);
  EXPECT_EQ(pcm_preferences("<AggregationEnabled>maybe</AggregationEnabled>").aggregation, std::nullopt);
}

TEST(HmcDocuments, LinksLeadToTheConsolesOwnMetricsAlone) {
  const auto paths = metrics_paths(
      "<feed><link type='application/json' "
      "href='https://10.0.0.1:12443/rest/api/pcm/ProcessedMetrics/a.json'/>"
      "<link type='application/atom+xml' href='https://10.0.0.1/rest/api/pcm/b'/>"
      "<link type='application/json' href='https://10.0.0.1/rest/api/web/Logon'/>"
      "<link type='application/json' href='https://h/rest/api/pcm/../web'/>"
      "<link type='application/json' href='https://h/rest/api/pcm/a b'/></feed>");
  ASSERT_TRUE(paths);
  EXPECT_THAT(*paths, ElementsAre("/rest/api/pcm/ProcessedMetrics/a.json"));
  EXPECT_FALSE(metrics_paths("<html><feed/></html>"));
  EXPECT_TRUE(metrics_paths(" ")->empty());
}

constexpr const char* kSample = R"({"systemUtil": {"utilInfo": {"frequency": %F}, "utilSamples": [
  {"sampleInfo": {"timeStamp": "2022-11-22T17:18:00+0100", "status": %S},
   "energyUtil": {"powerUtil": {"powerReading": [%W]}}, "viosUtil": [{"processor": {"utilizedProcUnits": [1]}}, {}],
   "lparsUtil": [{"uuid": "AB", "processor": {"utilizedProcUnits": [1]}}, {"uuid": "CD", "processor": {"utilizedProcUnits": [2]}}]},
  {"sampleInfo": {"timeStamp": "2022-11-22T17:17:30+0100", "status": 0}}, {"sampleInfo": {"status": 0}}, 7]}})";

std::optional<std::vector<HmcSample>> samples(const char* frequency, const char* status, const char* watts) {
  std::string text = kSample;
  text.replace(text.find("%F"), 2, frequency);
  text.replace(text.find("%S"), 2, status);
  text.replace(text.find("%W"), 2, watts);
  return hmc_samples(text, "cd");
}

TEST(HmcDocuments, SamplesInTheOrderOfTimeWithWhatIsTold) {
  const auto read = samples("30", "0", "407.000");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->at(0).stamp, 1669133850);
  EXPECT_EQ(read->at(0).watts, std::nullopt);
  EXPECT_EQ(read->at(1).watts, Watts{407});
  EXPECT_EQ(read->at(1).seconds, 30);
  EXPECT_TRUE(read->at(1).whole);
  EXPECT_EQ(read->at(1).partition, 2.0);
  EXPECT_EQ(read->at(1).virtual_io, std::nullopt) << "one of the two does not tell";
  EXPECT_EQ(read->at(1).total, std::nullopt);
}

TEST(HmcDocuments, WhatFailedHasNoValuesAndWhatIsPartialSaysSo) {
  EXPECT_EQ(samples("30", "1", "407")->at(1).watts, std::nullopt);
  EXPECT_EQ(samples("30", "1", "407")->at(1).partition, std::nullopt);
  const auto partial = samples("30", "2", "407");
  EXPECT_FALSE(partial->at(1).whole);
  EXPECT_EQ(partial->at(1).partition, 2.0);
  for (const char* watts : {"null", "-5", "\"a lot\"", "1e999", "[]"}) {
    const auto read = samples("30", "0", watts);
    if (read) {
      EXPECT_EQ(read->at(1).watts, std::nullopt) << watts;
    }
  }
  for (const char* frequency : {"0", "-30", "1e9", "null"})
    EXPECT_EQ(samples(frequency, "0", "1")->at(1).seconds, 30) << frequency;
  std::string far = kSample;
  for (const char* mark : {"%F", "%S", "%W"}) far.replace(far.find(mark), 2, "0");
  far.replace(far.find("2022-11-22T17:18"), 4, "9999");
  EXPECT_EQ(hmc_samples(far)->size(), 1U) << "a time that does not fit into nanoseconds";
  for (const char* text : {"", "[]", "{}", "{\"systemUtil\": {\"utilSamples\": 1}}", "<html>"})
    EXPECT_FALSE(hmc_samples(text)) << text;
}

TEST(OwnPartition, IsWhatTheDeviceTreeSays) {
  const auto root = TempFolder::make().value();
  EXPECT_EQ(own_partition(root.path()), "");
  std::filesystem::create_directories(root.path() / "proc/device-tree");
  ASSERT_TRUE(
      write_file(root.path() / "proc/device-tree/ibm,partition-name", std::string_view("lpar-7\0", 7)));
  EXPECT_EQ(own_partition(root.path()), "lpar-7");
}

}  // namespace
}  // namespace pw
