// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords in memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pw {

// Text in pages of its own, which stay out of swap (where RLIMIT_MEMLOCK lets them), core files and forked
// children, and are wiped at the end. From the first one on, this process cannot be traced, nor its memory or
// environment be read, by another of its user, and leaves no core file: libraries copy what they are given.
// What it starts is as it was, once it has called exec.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);  // throws std::bad_alloc
  Secret(Secret&& other) noexcept
      : text_(std::exchange(other.text_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(text_, other.text_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Secret();

  std::string_view view() const { return {c_str(), size_}; }
  const char* c_str() const { return text_ ? text_ : ""; }
  bool empty() const { return size_ == 0; }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites all of it, and leaves it empty.
void wipe(std::string& text);

// "NAME=value" of every variable but PERFWATT_BMC_PASSWORD and other PERFWATT_* secrets.
std::vector<std::string> environment_without_secrets();

// Moves the variables that hold passwords (PERFWATT_*PASSWORD*) out of the environment, and wipes where they
// stood: /proc/PID/environ shows that. Not beside other threads.
void hide_environment_secrets();

// The value of such a variable, hidden now or before; "" where there was none.
std::string_view environment_secret(std::string_view name);

void forget_environment_secrets();

}  // namespace pw
