// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/photo_queue.h"

#include <algorithm>
#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include "inference/ground/pin.h"

namespace pw::inference {

Decoding default_decoding(int cpus, int network_threads) {
  constexpr int kMost = 4;  // each loads some thousand photos a second
  const int spare = cpus - network_threads;
  return spare > 0 ? Decoding{std::min(spare, kMost), false} : Decoding{std::max(cpus, 1), true};
}

PhotoQueue::PhotoQueue(std::size_t photos, const Decoding& decoding, Load load)
    : photos_(photos), between_runs_(decoding.between_runs), load_(std::move(load)) {
  start(decoding.threads);
}

// Fewer threads where the system has no more.
void PhotoQueue::start(int threads) {
  threads_.reserve(static_cast<std::size_t>(threads));
  try {
    for (int i = 0; i < threads; ++i) threads_.emplace_back(&PhotoQueue::work, this);
  } catch (const std::system_error&) {
  }
}

PhotoQueue::~PhotoQueue() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  may_load_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::size_t PhotoQueue::end() const { return std::min(photos_, taken_ + kPlaces); }

bool PhotoQueue::may_load() const { return claimed_ < end() && (filling_ || !between_runs_); }

void PhotoQueue::load(std::size_t photo) {
  LoadedPhoto& into = place(photo).photo;
  into.sha256.clear();
  into.skipped.clear();
  try {
    load_(photo, into);
  } catch (const std::bad_alloc&) {
    into.skipped = "not enough memory for it";
  } catch (const std::exception& error) {
    into.skipped = error.what();
  }
}

void PhotoQueue::work() {
  unpin_this_thread();  // the thread that made it may be one of a pinned team
  std::unique_lock lock(mutex_);
  while (true) {
    may_load_.wait(lock, [this] { return stop_ || claimed_ == photos_ || may_load(); });
    if (stop_ || claimed_ == photos_) return;
    const std::size_t photo = claimed_++;
    ++loading_;
    lock.unlock();
    load(photo);
    lock.lock();
    --loading_;
    place(photo).loaded = true;
    loaded_.notify_one();
  }
}

void PhotoQueue::wait_for(std::unique_lock<std::mutex>& lock) {
  const bool& loaded = place(taken_).loaded;
  if (!between_runs_) return loaded_.wait(lock, [&] { return loaded; });
  filling_ = true;
  may_load_.notify_all();
  loaded_.wait(lock, [this] { return claimed_ == end() && loading_ == 0; });
  filling_ = false;
}

const LoadedPhoto* PhotoQueue::next() {
  std::unique_lock lock(mutex_);
  if (held_) {
    place(taken_++).loaded = false;
    held_ = false;
    may_load_.notify_one();
  }
  if (taken_ == photos_) return nullptr;
  if (threads_.empty()) {
    load(taken_);
  } else if (!place(taken_).loaded) {
    wait_for(lock);
  }
  held_ = true;
  return &place(taken_).photo;
}

}  // namespace pw::inference
