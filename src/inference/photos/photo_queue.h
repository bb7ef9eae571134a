// SPDX-License-Identifier: GPL-3.0-or-later
// Photos that threads load ahead of the one that takes them, in order and no more than fit the queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pw::inference {

struct LoadedPhoto {
  std::vector<std::uint8_t> rgb;  // height x width x 3
  std::string sha256;             // of rgb; "" where nobody asked
  std::string skipped;            // why it could not be loaded; "" where it could
};

// Who decodes when.
struct Decoding {
  int threads = 1;  // none: who takes a photo loads it
  // The threads fill the queue while its taker waits, and rest until it is empty: no run of the network is
  // disturbed where it needs all CPUs.
  bool between_runs = false;
};

// Threads beside those of the network where it leaves CPUs (four at most), else all CPUs between runs.
Decoding default_decoding(int cpus, int network_threads);

class PhotoQueue {
 public:
  // Loads the photo of that number into a LoadedPhoto that may hold an earlier one. Called by several threads
  // at once. What it throws becomes the reason to skip the photo.
  using Load = std::function<void(std::size_t photo, LoadedPhoto& into)>;

  static constexpr std::size_t kPlaces = 32;

  PhotoQueue(std::size_t photos, const Decoding& decoding, Load load);
  // Waits for the photos that are being loaded.
  ~PhotoQueue();
  PhotoQueue(const PhotoQueue&) = delete;
  PhotoQueue& operator=(const PhotoQueue&) = delete;

  // The next photo, until the following call; null after the last.
  const LoadedPhoto* next();

 private:
  struct Place {
    LoadedPhoto photo;
    bool loaded = false;
  };

  Place& place(std::size_t photo) { return places_[photo % kPlaces]; }
  std::size_t end() const;  // of the photos that have a place
  bool may_load() const;
  void start(int threads);
  void work();
  void load(std::size_t photo);
  void wait_for(std::unique_lock<std::mutex>& lock);

  const std::size_t photos_;
  const bool between_runs_;
  const Load load_;

  std::mutex mutex_;
  std::condition_variable may_load_, loaded_;
  std::vector<Place> places_{kPlaces};
  std::size_t claimed_ = 0;  // photos that are being loaded or were
  std::size_t loading_ = 0;
  std::size_t taken_ = 0;  // photos that nobody holds any more
  bool held_ = false;      // the taker holds photo taken_
  bool filling_ = false;   // the taker waits
  bool stop_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace pw::inference
