// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/energy_row.h"

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<EnergyStatus, 4> kEnergyStatuses = {{{EnergyStatus::measured, "measured"},
                                                     {EnergyStatus::not_resolvable, "not-resolvable"},
                                                     {EnergyStatus::no_data, "no-data"},
                                                     {EnergyStatus::modelled, "modelled"}}};

}  // namespace

std::string_view to_text(EnergyStatus status) { return name_in(kEnergyStatuses, status); }

}  // namespace pw
