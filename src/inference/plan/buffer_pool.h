// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of a network's tensors.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace pw::inference {

// Memory for tensors that are alive at different times. A buffer goes back when the last Value on it goes.
class BufferPool {
 public:
  using Buffer = std::shared_ptr<void>;

  // std::bad_alloc above kMostBytes in all.
  Buffer take(std::size_t bytes);

  static constexpr std::size_t kMostBytes = std::size_t{4} << 30;

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  struct State {
    std::vector<std::unique_ptr<void, Free>> all;
    std::multimap<std::size_t, void*> unused;  // by size
    std::size_t bytes = 0;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace pw::inference
