// SPDX-License-Identifier: GPL-3.0-or-later
// The records of a slab by their offsets.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "mark/slab.h"

namespace pw {

class SlabBytes {
 public:
  explicit SlabBytes(std::string_view bytes) : bytes_(bytes), claimed_(bytes.size() / PW_SLAB_UNIT + 1) {}

  // Nothing where it would not lie within the slab.
  template <class Record>
  std::optional<Record> read(std::uint32_t offset, std::size_t skip = 0) const {
    if (offset % PW_SLAB_UNIT != 0) return std::nullopt;
    const std::string_view found = text(offset, skip, sizeof(Record));
    if (found.size() != sizeof(Record)) return std::nullopt;
    Record record;
    std::memcpy(&record, found.data(), sizeof record);
    return record;
  }

  // Of a list: the same, but for one that was there already. `next` becomes its successor.
  template <class Record>
  std::optional<Record> read_next(std::uint32_t& next) {
    const std::uint32_t offset = next;
    const std::optional<Record> record = read<Record>(offset);
    next = record && !claimed_[offset / PW_SLAB_UNIT] ? record->next : 0;
    if (!record || claimed_[offset / PW_SLAB_UNIT]) {
      ++damaged_;
      return std::nullopt;
    }
    claimed_[offset / PW_SLAB_UNIT] = true;
    return record;
  }

  // "" where it is not there.
  std::string_view text(std::uint32_t offset, std::size_t skip, std::size_t size) const {
    const std::size_t begin = std::size_t{offset} + skip;
    if (offset < sizeof(pw_head) || begin > bytes_.size() || size > bytes_.size() - begin) return {};
    return bytes_.substr(begin, size);
  }

  std::string_view all() const { return bytes_; }
  void damaged() { ++damaged_; }
  std::uint64_t count_damaged() const { return damaged_; }

 private:
  std::string_view bytes_;
  std::vector<bool> claimed_;  // by unit: in a list already
  std::uint64_t damaged_ = 0;
};

}  // namespace pw
