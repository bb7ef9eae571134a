// SPDX-License-Identifier: GPL-3.0-or-later
// engine-peak THREADS [SECONDS]: single-precision GFLOP/s of fused multiply-adds that stay in registers: what
// the vector units can do at most (POWER10's matrix unit, MMA, can do more). Built for this CPU.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

// The widest vector, and as many independent chains as its registers hold beside two constants.
#if defined(__AVX512F__)
constexpr int kBytes = 64, kChains = 24;
#elif defined(__AVX__)
constexpr int kBytes = 32, kChains = 12;
#elif defined(__x86_64__)
constexpr int kBytes = 16, kChains = 12;
#else
constexpr int kBytes = 16, kChains = 24;
#endif
using Vector = float __attribute__((vector_size(kBytes)));
constexpr int kSteps = 4096;  // of each chain, between two looks at the clock

// Tends to 1: no overflow, no denormal number.
void multiply_add(Vector* chains) {
  Vector a[kChains];
  for (int i = 0; i < kChains; ++i) a[i] = chains[i];
  const Vector half = Vector{} + 0.5F;
  for (int step = 0; step < kSteps; ++step) {
#pragma GCC unroll 24
    for (int i = 0; i < kChains; ++i) a[i] = a[i] * half + half;
  }
  for (int i = 0; i < kChains; ++i) chains[i] = a[i];
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The floating-point operations of one thread until the end.
double work(double end, float& sink) {
  Vector chains[kChains] = {};
  double done = 0;
  while (now() < end) {
    multiply_add(chains);
    done += 2.0 * kSteps * kChains * (kBytes / static_cast<int>(sizeof(float)));
  }
  for (const Vector& chain : chains) sink += chain[0];
  return done;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 0.3;
  std::vector<double> done(static_cast<std::size_t>(count));
  std::vector<float> sinks(done.size());
  const double begin = now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < done.size(); ++i)
    threads.emplace_back([&, i] { done[i] = work(begin + seconds, sinks[i]); });
  for (std::thread& thread : threads) thread.join();
  const double took = now() - begin;
  double flop = 0, sum = 0;
  for (std::size_t i = 0; i < done.size(); ++i) flop += done[i], sum += sinks[i];
  std::printf("{\"gflops\": %.2f, \"threads\": %d, \"bytes\": %d, \"sink\": %.0f}\n", flop / took / 1e9,
              count, kBytes, sum);
}
