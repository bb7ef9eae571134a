// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/text.h"

namespace pw {
namespace {

// What no other input would have spared the user.
constexpr int kOfTheMachine[] = {EIO, ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, ESTALE, EUCLEAN};

}  // namespace

std::string one_line(const Error& error) {
  std::string line = error.where.empty() ? error.what : error.where + ": " + error.what;
  if (!error.hint.empty()) line += "; " + error.hint;
  return printable(line);
}

tl::unexpected<Error> fail_errno(Failure kind, std::string what, int errnum, std::string where,
                                 std::string hint) {
  if (kind == Failure::input && std::ranges::count(kOfTheMachine, errnum) > 0) kind = Failure::measurement;
  if (errnum == EFBIG && hint.empty()) hint = "raise the file-size limit of this shell: ulimit -f unlimited";
  return fail(kind, std::move(what) + ": " + std::generic_category().message(errnum), std::move(where),
              std::move(hint));
}

}  // namespace pw
