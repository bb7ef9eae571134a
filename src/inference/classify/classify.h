// SPDX-License-Identifier: GPL-3.0-or-later
// Photos through a network: the reference workload.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "inference/network/network.h"
#include "inference/photos/photo.h"
#include "inference/photos/photo_list.h"
#include "inference/photos/photo_queue.h"

namespace pw::inference {

// What the network said of one photo.
struct Answer {
  std::string photo;  // its name
  int top1 = 0;       // index of the class
  double probability = 0;
  std::string sha256;   // of the resized RGB bytes; "" where the workload does not ask
  std::string skipped;  // why the photo could not be read; "" where it could, and only then is the rest true
};

struct Workload {
  Resize resize = Resize::nearest;
  Preprocess preprocess{};
  int repeat = 1;               // runs of the network per batch
  std::optional<int> expected;  // the class that every photo should be
  bool hash = false;            // asks for the hash of each photo's pixels
  Decoding decoding{};
};

// Of the network alone.
struct Speed {
  int images = 0;  // over all runs
  Nanoseconds time{};
};

struct Tally {
  int rights = 0;                      // answers, over all repeats
  int wrongs = 0;                      // answers, over all repeats
  int skipped = 0;                     // photos
  std::vector<Nanoseconds> latencies;  // of the network alone, one per run
  Nanoseconds elapsed{};               // from the first photo's decoding to the last answer
  Speed whole{};                       // of the runs with a photo in every place of the batch
  Speed filled{};                      // of those whose last places were filled up

  void add_run(int photos, bool all_places, Nanoseconds took);
  // Images/s: what was filled up is no image, so that whole batches alone count where there are any.
  const Speed& speed() const { return whole.images > 0 ? whole : filled; }

  int answers() const { return rights + wrongs; }
};

// The most likely class and its probability: the score itself, or where it is no probability (a logit) that
// of a softmax over all. An Error (Failure::measurement) where a score is not a finite number.
struct Top1 {
  int index = 0;
  double probability = 0;
};
Result<Top1> top1_of(std::span<const float> scores, bool probabilities);

// Told of each photo when it is done, in the photos' order.
using OnAnswer = std::function<void(const Answer&)>;

// As many photos as the network's batch go through it at a time, `repeat` times; the last batch is filled up
// with its last photo, and the answers of that are left out. Meanwhile the next photos are decoded. A photo
// that cannot be read is skipped; an Error is one of the network, with the photo that it could not answer.
Result<Tally> classify(Network& network, const std::vector<PhotoFile>& photos, const Workload& workload,
                       const OnAnswer& on_answer);

}  // namespace pw::inference
