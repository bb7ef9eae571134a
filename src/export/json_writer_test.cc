// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

template <class Write>
std::string written(const Write& write, JsonStyle style = JsonStyle::file) {
  std::string all;
  Output out([&](std::string_view text) -> Result<> {
    all += text;
    return {};
  });
  JsonWriter json(out, style);
  write(json);
  EXPECT_TRUE(out.end());
  return all;
}

// As the library writes it that wrote whole documents.
std::string dumped(const Json& json) { return json.dump(1, ' ', true, Json::error_handler_t::replace); }

template <class T>
std::string value(const T& one) {
  return written([&](JsonWriter& json) { json.value(one); });
}

TEST(JsonWriter, WritesNumbersAsTheLibraryDoes) {
  for (const double number :
       {0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 123456789.125, 1e-5, 5e-324, 1.7976931348623157e308, 2.0 / 3,
        std::nan(""), -std::numeric_limits<double>::infinity(), 9007199254740993.0})
    EXPECT_EQ(value(number), dumped(number));
  EXPECT_EQ(value(0.1F), dumped(0.1F));
  EXPECT_EQ(value(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(value(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(value(true), "true");
  EXPECT_EQ(value(Seconds{2.5}), "2.5");
  EXPECT_EQ(value(std::optional(Joules{3})), "3.0");
  EXPECT_EQ(value(std::optional<int>()), "null");
  EXPECT_EQ(value(JsonText{"17"}), "17");
}

TEST(JsonWriter, WritesTextAsTheLibraryDoes) {
  for (const std::string text :
       {"", "plain", "\"\\/", "\x1b[31m\n\t\x7f", "µ 😀 \xc2\x9b", "cut \xf0\x9f", "\xff"})
    EXPECT_EQ(value(text), dumped(text));
  EXPECT_EQ(value(std::string("a\0b", 3)), dumped(std::string("a\0b", 3)));
}

TEST(JsonWriter, EndsNoElementOfAPage) {
  const std::string text = written(
      [](JsonWriter& json) {
        json.object("</script>", "<!--\n\u202e\x1b[31m", "n", std::vector<int>{1, 2});
      },
      JsonStyle::page);
  EXPECT_EQ(text, R"({"\u003c/script>":"\u003c!--   [31m","n":[1,2]})");
}

TEST(JsonWriter, IndentsAsTheLibraryDoes) {
  const Json expected = {{"empty", Json::array()},
                         {"none", Json::object()},
                         {"many", {{{"a", 1}, {"b", {1, 2}}}, {{"c", "\x1b"}}}},
                         {"k\xc3\xa9y", {{"deep", {{"er", nullptr}}}}}};
  const std::string got = written([](JsonWriter& json) {
    const auto many = [&] {
      json.object("a", 1, "b", std::vector<int>{1, 2});
      json.object("c", "\x1b");
    };
    json.object(
        "empty", std::vector<int>{}, "none", [&] { json.object(); }, "many", [&] { json.array(many); },
        "k\xc3\xa9y", [&] { json.object("deep", [&] { json.object("er", std::nullopt); }); });
  });
  EXPECT_EQ(got, dumped(expected));
}

}  // namespace
}  // namespace pw
