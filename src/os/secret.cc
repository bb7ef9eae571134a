// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <new>

namespace pw {
namespace {

std::map<std::string, Secret, std::less<>>& hidden() {
  static std::map<std::string, Secret, std::less<>> secrets;
  return secrets;
}

// Of "NAME=value".
bool is_secret(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return name.starts_with("PERFWATT_") && name.find("PASSWORD") != std::string_view::npos;
}

}  // namespace

std::vector<std::string> environment_without_secrets() {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable; ++variable)
    if (!is_secret(*variable)) kept.emplace_back(*variable);
  return kept;
}

Secret::Secret(std::string_view text) : size_(text.size()) {
  if (text.empty()) return;
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  void* const pages = ::mmap(nullptr, size_ + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  ::mlock(pages, size_ + 1);
  ::madvise(pages, size_ + 1, MADV_DONTDUMP);
  ::madvise(pages, size_ + 1, MADV_WIPEONFORK);
  text_ = static_cast<char*>(pages);
  std::ranges::copy(text, text_);
}

Secret::~Secret() {
  if (!text_) return;
  ::explicit_bzero(text_, size_);
  ::munmap(text_, size_ + 1);
}

void wipe(std::string& text) {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

void hide_environment_secrets() {
  char** kept = environ;
  for (char** at = environ; at && *at; ++at) {
    const std::string_view variable = *at;
    if (!is_secret(variable)) {
      *kept++ = *at;
      continue;
    }
    const std::size_t name = std::min(variable.find('='), variable.size());
    const std::string_view value = variable.substr(std::min(name + 1, variable.size()));
    hidden().insert_or_assign(std::string(variable.substr(0, name)), Secret(value));
    ::explicit_bzero(*at + name, variable.size() - name);
  }
  if (kept) *kept = nullptr;
}

std::string_view environment_secret(std::string_view name) {
  hide_environment_secrets();
  const auto found = hidden().find(name);
  return found == hidden().end() ? std::string_view() : found->second.view();
}

void forget_environment_secrets() { hidden().clear(); }

}  // namespace pw
