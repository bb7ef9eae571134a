// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/units.h"
#include "power/http/http.h"
#include "power/reader/backoff.h"

namespace pw {

// Asks into `last`, with one new log-in where we are not `in`, or the answer is 401: sessions end. Log-ins
// after which it is 401 still are counted as failed, for too many lock an account. `log_in`: whether it
// worked, with its answer in `last`.
template <class LogIn, class Ask>
void ask_logged_in(bool in, HttpAnswer& last, Backoff& again, Nanoseconds (*now)(), LogIn log_in, Ask ask) {
  bool fresh = false;
  if (!in && !(fresh = log_in())) return;
  last = ask();
  if (last.status == 401 && !fresh && (fresh = log_in())) last = ask();
  if (fresh && last.status == 401)
    again.failed(now());
  else if (fresh)
    again.succeeded();
}

}  // namespace pw
