// SPDX-License-Identifier: GPL-3.0-or-later
// Ids as in open-power/op-test#769 and, with their type, ibm-openbmc/bmcweb#1375.
#include "power/redfish/components.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

TEST(RedfishComponents, ScopesAreThoseOfTheirNames) {
  const std::pair<const char*, const char*> scopes[] = {{"p0_power", "socket 0"},
                                                        {"power_p1_power", "socket 1"},
                                                        {"p1_mem_power", "socket 1 memory"},
                                                        {"p0_cache_power", "socket 0 cache"},
                                                        {"io_a_power", "I/O a"},
                                                        {"storage_a_power", "storage a"},
                                                        {"power_fans_a_power", "fans a"}};
  for (const auto& [id, scope] : scopes) EXPECT_EQ(component_scope(id), scope) << id;
  for (const char* id : {"total_power", "power_total_power", "ps0_input_power", "p_power", "pa_power",
                         "p0_vdd_power", "p0_power_x", "io__power", "io_abcd_power", "", "power_"})
    EXPECT_FALSE(component_scope(id)) << id;
}

}  // namespace
}  // namespace pw
