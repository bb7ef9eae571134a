// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels of all instruction sets are made of. V: a vector of GCC's (vector_size), or a number. As
// many chains that do not depend on each other as hide an operation's latency, and have registers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "peaks/kernels/kernels.h"

#define PW_INLINE inline __attribute__((always_inline))

namespace pw {
namespace {

// The compiler knows nothing of what comes back: two of these are not the same to it.
template <class V>
PW_INLINE V unknown(V value) {
  __asm__ volatile("" : "+m"(value));
  return value;
}

template <class V, class Number>
PW_INLINE V filled(Number number) {
  return V{} + number;
}

// Of the elements of V.
template <class Number, class V>
PW_INLINE double sum_of(const V& vector) {
  Number numbers[sizeof(V) / sizeof(Number)];
  __builtin_memcpy(numbers, &vector, sizeof(V));
  double sum = 0;
  for (const Number one : numbers) sum += static_cast<double>(one);
  return sum;
}

template <class V, class Number, std::size_t... I>
PW_INLINE double multiply_adds(std::int64_t rounds, std::index_sequence<I...>) {
  const V half = unknown(filled<V>(Number{0.5})), one = unknown(filled<V>(Number{1}));
  V sums[] = {(static_cast<void>(I), unknown(V{}))...};
  for (std::int64_t round = 0; round < rounds; ++round) ((sums[I] = sums[I] * half + one), ...);
  return sum_of<Number>((sums[I] + ...));
}

template <class V, class Number, std::size_t kChains>
double multiply_adds(std::int64_t rounds) {
  return multiply_adds<V, Number>(rounds, std::make_index_sequence<kChains>());
}

// Step::add(sum, a, b): a dot product added to V.
template <class V, class Number, class Step, std::size_t... I>
PW_INLINE double dot_products(std::int64_t rounds, std::index_sequence<I...>) {
  const typename Step::Factors a = unknown(Step::first()), b = unknown(Step::second());
  V sums[] = {(static_cast<void>(I), unknown(V{}))...};
  for (std::int64_t round = 0; round < rounds; ++round) ((sums[I] = Step::add(sums[I], a, b)), ...);
  return sum_of<Number>((sums[I] + ...));
}

template <class V, class Number, class Step, std::size_t kChains>
double dot_products(std::int64_t rounds) {
  return dot_products<V, Number, Step>(rounds, std::make_index_sequence<kChains>());
}

template <class V>
PW_INLINE std::uint64_t xor_of(const V& vector) {
  std::uint64_t words[sizeof(V) / 8], all = 0;
  __builtin_memcpy(words, &vector, sizeof(V));
  for (const std::uint64_t one : words) all ^= one;
  return all;
}

template <class V, std::size_t... I>
PW_INLINE std::uint64_t loads(const void* data, std::size_t bytes, std::int64_t rounds,
                              std::index_sequence<I...>) {
  static_assert(kBlock % (sizeof...(I) * sizeof(V)) == 0);
  const V* const begin = static_cast<const V*>(data);
  const V* const end = begin + bytes / sizeof(V);
  V all[] = {(static_cast<void>(I), V{})...};
  for (std::int64_t round = 0; round < rounds; ++round)
    for (const V* at = begin; at != end; at += sizeof...(I)) ((all[I] ^= at[I]), ...);
  return (xor_of(all[I]) ^ ...);
}

template <class V>
std::uint64_t loads(const void* data, std::size_t bytes, std::int64_t rounds) {
  return loads<V>(data, bytes, rounds, std::make_index_sequence<8>());
}

template <class V, std::size_t... I>
PW_INLINE void triad_block(double* a, const double* b, const double* c, V three, std::index_sequence<I...>) {
  V* const to = reinterpret_cast<V*>(a);
  const V *const first = reinterpret_cast<const V*>(b), *const second = reinterpret_cast<const V*>(c);
  ((to[I] = first[I] + three * second[I]), ...);
}

template <class V>
void triad(double* a, const double* b, const double* c, std::size_t bytes, std::int64_t rounds) {
  const V three = unknown(filled<V>(3.0));
  constexpr std::size_t kStep = 4 * sizeof(V) / sizeof(double);
  for (std::int64_t round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < bytes / sizeof(double); i += kStep)
      triad_block<V>(a + i, b + i, c + i, three, std::make_index_sequence<4>());
}

}  // namespace
}  // namespace pw
