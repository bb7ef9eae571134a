// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/status.h"

namespace pw {

SampleStatus status_of(const HttpAnswer& answer) {
  switch (answer.trouble) {
    case HttpAnswer::Trouble::timeout:
      return SampleStatus::timeout;
    case HttpAnswer::Trouble::lost:
    case HttpAnswer::Trouble::certificate:
      return SampleStatus::session_lost;
    case HttpAnswer::Trouble::too_large:
      return SampleStatus::error;
    case HttpAnswer::Trouble::none:
      break;
  }
  if (answer.status == 503 || answer.status == 429) return SampleStatus::busy;
  if (answer.status == 401 || answer.status == 403) return SampleStatus::session_lost;
  return SampleStatus::error;
}

bool may_pass(const HttpAnswer& answer) {
  return answer.trouble == HttpAnswer::Trouble::timeout || answer.status == 503 || answer.status == 429;
}

}  // namespace pw
