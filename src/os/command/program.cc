// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/program.h"

#include <grp.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/text.h"
#include "os/command/elf.h"
#include "os/run.h"
#include "os/signals.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

using User = std::optional<UserIds>;

constexpr std::size_t kFirstLine = 256;  // as much of it as the kernel reads

// Whether the user may execute the file or enter the folder: only the kernel knows.
bool may_execute_as(const std::string& path, const UserIds& user) {
  hear_of_children();
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_user = ::setgroups(user.groups.size(), user.groups.data()) == 0 &&
                         ::setgid(user.gid) == 0 && ::setuid(user.uid) == 0;
    ::_exit(is_user && ::access(path.c_str(), X_OK) != 0 ? 1 : 0);
  }
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status == 0;
}

bool may_execute(const std::string& path, const User& user) {
  if (user && user->uid != ::geteuid()) return may_execute_as(path, *user);
  return ::access(path.c_str(), X_OK) == 0;
}

// The first folder on the way to `path` that they may not enter; "" where there is none. What is above the
// current folder does not matter to a path that begins there.
std::string closed_folder(const std::string& path, const User& user) {
  fs::path so_far = fs::path(path).is_absolute() ? "" : ".";
  if (!so_far.empty() && !may_execute(so_far.string(), user)) return fs::path(".").string();
  for (const fs::path& part : fs::path(path).parent_path()) {
    so_far /= part;
    if (!may_execute(so_far.string(), user)) return so_far.string();
  }
  return "";
}

tl::unexpected<Error> refuse(const std::string& program, std::string what, std::string hint) {
  return fail(Failure::command, std::move(what), program, std::move(hint));
}

std::string for_whom(const User& user) { return user ? " for " + user->name : ""; }

tl::unexpected<Error> closed(const std::string& program, const std::string& folder, const User& user) {
  return refuse(program, "the folder " + folder + " may not be entered" + (user ? " by " + user->name : ""),
                user ? "put it where " + user->name + " may go, or leave --user out"
                     : "chmod a+x " + shell_quoted(folder));
}

tl::unexpected<Error> not_executable(const std::string& program, const struct stat& file, const User& user) {
  struct statvfs disk {};
  if (::statvfs(program.c_str(), &disk) == 0 && (disk.f_flag & ST_NOEXEC))
    return refuse(program, "its file system is mounted noexec: nothing on it can be executed",
                  "copy it to another one, or name its interpreter");
  const bool somebody = file.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH);
  return refuse(program, "it is not executable" + for_whom(user),
                somebody ? "see ls -l: its owner, group and mode" : "chmod +x, or name its interpreter");
}

tl::unexpected<Error> not_there(const std::string& program, int error, const User& user) {
  const std::string folder = error == EACCES ? closed_folder(program, user) : "";
  if (!folder.empty()) return closed(program, folder, user);
  std::error_code unknown;
  if (error == ENOENT && fs::is_symlink(program, unknown))
    return refuse(program, "it is a link to a file that is not there", "see ls -l");
  if (error == ENOENT) return refuse(program, "there is no such file", "is its path right from this folder?");
  return fail_errno(Failure::command, "it cannot be executed", error, program, "see ls -l");
}

// "python3" of "#!/usr/bin/python3 -u"; nothing where the file has no such line.
std::optional<std::string> interpreter_of(const std::string& path) {
  const std::string head = head_of(path, kFirstLine);
  if (!head.starts_with("#!")) return std::nullopt;
  const std::string_view line = trim(std::string_view(head).substr(2, head.find('\n') - 2));
  const bool from_windows = head.substr(0, head.find('\n')).ends_with('\r');
  return std::string(line.substr(0, line.find_first_of(" \t"))) + (from_windows ? "\r" : "");
}

Result<> check_interpreter(const std::string& path, const User& user) {
  const auto interpreter = interpreter_of(path);
  if (!interpreter) return {};
  if (interpreter->ends_with('\r'))
    return refuse(path, "its first line ends as Windows ends lines: the kernel takes the CR for a part of it",
                  "sed -i 's/\\r$//' " + shell_quoted(path));
  struct stat file {};
  if (::stat(interpreter->c_str(), &file) != 0)
    return refuse(path, "its interpreter is not there: #!" + *interpreter,
                  "name one that is: perfwatt run -- INTERPRETER " + shell_quoted(path));
  if (!S_ISREG(file.st_mode) || !may_execute(*interpreter, user))
    return refuse(path, "its interpreter is not executable: #!" + *interpreter, "see its first line");
  return {};
}

Result<> check_file(const std::string& path, const User& user) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return not_there(path, errno, user);
  if (S_ISDIR(file.st_mode)) return refuse(path, "it is a folder", "name a program in it");
  if (!S_ISREG(file.st_mode))
    return refuse(path, "it is no file but a device, a pipe or a socket", "name a program");
  if (may_execute(path, user)) return check_interpreter(path, user);
  const std::string folder = closed_folder(path, user);
  return folder.empty() ? not_executable(path, file, user) : closed(path, folder, user);
}

// What is no program on PATH.
tl::unexpected<Error> not_on_path(const std::string& program) {
  struct stat file {};
  if (::stat(program.c_str(), &file) == 0) {
    if (S_ISDIR(file.st_mode)) return refuse(program, "it is a folder", "name a program in it");
    return refuse(program, "there is no such program on PATH, but a file in this folder",
                  "write ./" + shell_quoted(program));
  }
  const std::string first = program.substr(0, program.find(' '));
  if (first != program && on_path(first))
    return refuse(program, "there is no such program",
                  "perfwatt starts no shell: leave the quotes out, or -- sh -c '...'");
  const std::string name = program.substr(0, program.find('='));
  if (!name.empty() && name != program)
    return refuse(program, "there is no such program", "to set a variable: -- env NAME=VALUE COMMAND");
  return refuse(program, "there is no such program", "is it on PATH?");
}

}  // namespace

Result<> check_program(const std::string& program, const User& user) {
  if (program.empty())
    return fail(Failure::input, "the command's first word is empty", "--",
                "a variable of the shell that is not set?");
  if (program.find('/') != std::string::npos) return check_file(program, user);
  const std::string found = find_on_path(program);
  return found.empty() ? not_on_path(program) : check_file(found, user);
}

tl::unexpected<Error> cannot_start(const std::string& program, int error, const User& user) {
  if (Result<> now = check_program(program, user); !now) return pass_on(now);
  if (error == E2BIG)
    return fail_errno(
        Failure::command, "its words and the environment are too long", error, program,
        "the kernel takes a quarter of ulimit -s in all and 128 KiB a word: put them into a file");
  const std::string path = program.find('/') != std::string::npos ? program : find_on_path(program);
  if (error == ENOEXEC || error == ENOENT)
    if (const std::string why = why_not_run(path); !why.empty())
      return refuse(program, why, "see file " + shell_quoted(path));
  if (error == ETXTBSY)
    return fail_errno(Failure::command, "it is open for writing", error, program, "wait until it is written");
  return fail_errno(Failure::command, "cannot start the command", error, program, "does it run by hand?");
}

}  // namespace pw
