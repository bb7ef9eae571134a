// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/occurrence_block.h"

#include <optional>

#include "model/integer_column.h"

namespace pw {
namespace {

constexpr std::int64_t kLongest = std::int64_t{1} << 60;  // as of all times of a recording

template <class Of>
void pack_each(std::span<const RegionOccurrence> some, Of of, std::string& bytes) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(some.size());
  for (const RegionOccurrence& one : some) numbers.push_back(of(one));
  pack_integers(numbers, bytes);
}

// Nothing where they are not there, or one is not from 0 to `most`.
std::optional<std::vector<std::int64_t>> take_each(std::string_view& bytes, std::size_t count,
                                                   std::int64_t most) {
  const std::optional<IntegerColumn> column = take_integers(bytes, count);
  if (!column) return std::nullopt;
  std::vector<std::int64_t> numbers(count);
  column->unpack(0, numbers);
  for (const std::int64_t number : numbers)
    if (number < 0 || number > most) return std::nullopt;
  return numbers;
}

}  // namespace

std::string pack_occurrences(std::span<const RegionOccurrence> some, Nanoseconds start) {
  std::string bytes;
  pack_each(
      some, [](const RegionOccurrence& one) { return std::int64_t{one.region}; }, bytes);
  pack_each(
      some, [&](const RegionOccurrence& one) { return (one.begin - start).value; }, bytes);
  pack_each(
      some, [](const RegionOccurrence& one) { return (one.end - one.begin).value; }, bytes);
  return bytes;
}

std::vector<RegionOccurrence> unpack_occurrences(std::string_view bytes, std::size_t count, int thread,
                                                 std::size_t regions, Nanoseconds start) {
  const auto which = take_each(bytes, count, static_cast<std::int64_t>(regions) - 1);
  const auto begins = which ? take_each(bytes, count, kLongest - start.value) : std::nullopt;
  const auto lengths = begins ? take_each(bytes, count, kLongest) : std::nullopt;
  std::vector<RegionOccurrence> some;
  if (!lengths || !bytes.empty()) return some;
  some.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Nanoseconds begin = start + Nanoseconds{(*begins)[i]};
    if ((*lengths)[i] > kLongest - begin.value) return {};
    some.push_back({thread, static_cast<int>((*which)[i]), begin, begin + Nanoseconds{(*lengths)[i]}});
  }
  return some;
}

}  // namespace pw
