// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/classify.h"

#include <perfwatt/regions.h>

#include <algorithm>
#include <cmath>

#include "inference/graph/input_shape.h"
#include "inference/ground/sha256.h"
#include "os/clock.h"

namespace pw::inference {
namespace {

// The phases of perfwatt show --regions.
struct Phases {
  perfwatt::Name preprocess{"preprocess"}, predict{"predict"}, top1{"top-1"};
};

// Collects photos until there is a batch, runs it and tells the answers.
class Classifier {
 public:
  Classifier(Network& network, const Workload& workload, const OnAnswer& on_answer)
      : network_(network),
        workload_(workload),
        on_answer_(on_answer),
        shape_(network.input()),
        batch_(static_cast<std::size_t>(shape_.batch)),
        photo_size_(static_cast<std::size_t>(shape_.height) * static_cast<std::size_t>(shape_.width) * 3),
        pixels_(batch_ * photo_size_),
        scores_(batch_ * static_cast<std::size_t>(network.classes())) {}

  Result<> take(const PhotoFile& file, const LoadedPhoto& photo) {
    waiting_.push_back({file.name, 0, 0, photo.sha256, photo.skipped});
    if (!photo.skipped.empty()) {
      ++tally_.skipped;
      return batched_ == 0 ? tell() : Result<>{};
    }
    {
      const perfwatt::Region region(regions_.preprocess);
      preprocess(photo.rgb, shape_, workload_.preprocess, pixels_of(batched_++));
    }
    return batched_ == batch_ ? finish() : Result<>{};
  }

  // Runs what there is of a batch.
  Result<> finish() {
    if (batched_ == 0) return {};
    for (std::size_t i = batched_; i < batch_; ++i)
      std::ranges::copy(pixels_of(batched_ - 1), pixels_of(i).begin());
    for (int i = 0; i < workload_.repeat; ++i)
      if (const Result<> done = run(); !done) return done;
    batched_ = 0;
    return tell();
  }

  Tally&& tally() { return std::move(tally_); }

 private:
  std::span<float> pixels_of(std::size_t place) {
    return std::span(pixels_).subspan(place * photo_size_, photo_size_);
  }

  Result<> run() {
    const Nanoseconds start = monotonic_now();
    if (const Result<> done = predict(); !done) return done;
    tally_.add_run(static_cast<int>(batched_), batched_ == batch_, monotonic_now() - start);
    const perfwatt::Region region(regions_.top1);
    const std::size_t classes = scores_.size() / batch_;
    std::span<const float> scores(scores_);
    for (Answer& answer : waiting_) {
      if (!answer.skipped.empty()) continue;
      if (const Result<> counted = count(scores.first(classes), answer); !counted) return counted;
      scores = scores.subspan(classes);
    }
    return {};
  }

  Result<> predict() {
    const perfwatt::Region region(regions_.predict);
    perfwatt::items(static_cast<double>(batched_));
    return network_.run(pixels_, scores_);
  }

  Result<> count(std::span<const float> scores, Answer& answer) {
    const Result<Top1> top1 = top1_of(scores, network_.gives_probabilities());
    if (!top1) return fail(top1.error().kind, top1.error().what, answer.photo);
    answer.top1 = top1->index;
    answer.probability = top1->probability;
    ++(top1->index == workload_.expected ? tally_.rights : tally_.wrongs);
    return {};
  }

  Result<> tell() {
    for (const Answer& answer : waiting_) on_answer_(answer);
    waiting_.clear();
    return {};
  }

  const Phases regions_;
  Network& network_;
  const Workload& workload_;
  const OnAnswer& on_answer_;
  const InputShape shape_;
  const std::size_t batch_;
  const std::size_t photo_size_;
  std::vector<float> pixels_;
  std::vector<float> scores_;
  std::size_t batched_ = 0;      // photos of the batch
  std::vector<Answer> waiting_;  // of the batch and of the photos skipped meanwhile, in their order
  Tally tally_;
};

void load(const PhotoFile& file, const InputShape& shape, const Workload& workload, LoadedPhoto& into) {
  const perfwatt::Region region("decode");
  const Result<> loaded = load_photo(file.path, shape.width, shape.height, workload.resize, into.rgb);
  if (!loaded)
    into.skipped = loaded.error().what;
  else if (workload.hash)
    into.sha256 = sha256_hex(into.rgb);
}

}  // namespace

void Tally::add_run(int photos, bool all_places, Nanoseconds took) {
  latencies.push_back(took);
  Speed& speed = all_places ? whole : filled;
  speed.images += photos;
  speed.time += took;
}

Result<Top1> top1_of(std::span<const float> scores, bool probabilities) {
  const auto finite = [](float score) { return std::isfinite(score); };
  if (scores.empty() || !std::all_of(scores.begin(), scores.end(), finite))
    return fail(Failure::measurement, "the network's answer is not made of finite numbers");
  const auto best = std::max_element(scores.begin(), scores.end());
  const Top1 top1{static_cast<int>(best - scores.begin()), *best};
  if (probabilities) return top1;
  double sum = 0;
  for (const float score : scores) sum += std::exp(static_cast<double>(score) - *best);
  return Top1{top1.index, 1 / sum};
}

Result<Tally> classify(Network& network, const std::vector<PhotoFile>& photos, const Workload& workload,
                       const OnAnswer& on_answer) {
  Classifier classifier(network, workload, on_answer);
  const Nanoseconds start = monotonic_now();
  PhotoQueue queue(photos.size(), workload.decoding,
                   [&, shape = network.input()](std::size_t photo, LoadedPhoto& into) {
                     load(photos[photo], shape, workload, into);
                   });
  for (const PhotoFile& file : photos)
    if (const Result<> taken = classifier.take(file, *queue.next()); !taken) return pass_on(taken);
  if (const Result<> finished = classifier.finish(); !finished) return pass_on(finished);
  Tally tally = classifier.tally();
  tally.elapsed = monotonic_now() - start;
  return tally;
}

}  // namespace pw::inference
