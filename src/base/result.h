// SPDX-License-Identifier: GPL-3.0-or-later
// Errors that a caller can act on. Only cli/ turns them into text on stderr and an exit status.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace pw {

// What kind of failure; the value is the exit status that cli/ uses (design §3).
enum class Failure {
  measurement = 1,   // the measurement or the recorder itself failed
  input = 2,         // usage, an unknown name, an input that cannot be used
  not_possible = 3,  // asked for by name and not possible or not permitted here
  command = 4,       // the measured command failed
};

struct Error {
  Failure kind = Failure::measurement;
  std::string what;   // "no such event 'cycels'"
  std::string where;  // a file, an address, an option; may be empty
  std::string hint;   // what to do next; may be empty
};

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Failure kind, std::string what, std::string where = {},
                                  std::string hint = {}) {
  return tl::unexpected(Error{kind, std::move(what), std::move(where), std::move(hint)});
}

// Passes the error of one Result on as the error of another.
template <class T>
tl::unexpected<Error> pass_on(const Result<T>& result) {
  return tl::unexpected(result.error());
}

// "where: what; hint" on one line, without control characters.
std::string one_line(const Error& error);

// "what: strerror(errnum)" with the file or address it happened to.
tl::unexpected<Error> fail_errno(Failure kind, std::string what, int errnum, std::string where = {},
                                 std::string hint = {});

}  // namespace pw
