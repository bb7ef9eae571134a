// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/placement.h"

#include <gmock/gmock.h>

#include <array>
#include <filesystem>

#include "os/file.h"

namespace pw {
namespace {

TEST(Placement, FindsTheNodesOfMemory) {
  const auto folder = TempFolder::make().value();
  for (const auto& [node, cpus] : {std::pair("node0", "0-3"), {"node8", "4-7"}, {"node252", ""}}) {
    const auto path = folder.path() / "sys/devices/system/node" / node;
    std::filesystem::create_directories(path);
    ASSERT_TRUE(write_file(path / "cpulist", cpus));
  }
  const Root root(folder.path());
  EXPECT_EQ(numa_nodes_of(std::array{1, 2}, root), "0");
  EXPECT_EQ(numa_nodes_of(std::array{3, 4}, root), "0,8");
  EXPECT_EQ(numa_nodes_of(std::array{9}, root), "");
  EXPECT_EQ(numa_nodes_of(std::array{1}, Root("/nowhere")), "");
}

TEST(Placement, OfSlurmIsItsNode) {
  EXPECT_EQ(node_name([](const char* name) {
              return std::string(name) == "SLURMD_NODENAME" ? std::optional<std::string>("n3") : std::nullopt;
            }),
            "n3");
  EXPECT_NE(node_name([](const char*) { return std::nullopt; }), "");
}

}  // namespace
}  // namespace pw
