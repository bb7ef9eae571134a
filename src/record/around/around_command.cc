// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/around/around_command.h"

#include "base/exit_status.h"
#include "base/text.h"

namespace pw {

std::string AroundCommand::how_failed() {
  output_.read_from(child_.output());
  output_.finish();
  if (!end_ || end_->exit_status == 0) return "";
  const std::string kept(trim(output_.kept()));
  const std::string last = kept.substr(kept.find_last_of('\n') + 1);
  return "failed with " + exit_text(end_->exit_status, end_->signal) + (last.empty() ? "" : ": " + last);
}

}  // namespace pw
