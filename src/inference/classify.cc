// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "inference/sha256.h"
#include "os/clock.h"

namespace pw {
namespace {

bool are_probabilities(std::span<const float> scores) {
  const auto within = [](float score) { return score >= 0 && score <= 1; };
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  return std::all_of(scores.begin(), scores.end(), within) && std::abs(sum - 1) < 1e-3;
}

// One classification after the other with the same network.
class Classifier {
 public:
  Classifier(Network& network, const Workload& workload)
      : network_(network),
        workload_(workload),
        shape_(network.input()),
        pixels_(static_cast<std::size_t>(shape_.height) * static_cast<std::size_t>(shape_.width) * 3),
        scores_(static_cast<std::size_t>(network.classes())) {}

  Result<Answer> classify(const PhotoFile& file) {
    Answer answer{file.name, 0, 0, "", ""};
    const Result<Photo> photo = read_photo(file.path);
    if (!photo) {
      answer.skipped = photo.error().what;
      ++tally_.skipped;
      return answer;
    }
    const std::vector<std::uint8_t> rgb = resize_photo(*photo, shape_.width, shape_.height, workload_.resize);
    answer.sha256 = sha256_hex(rgb);
    preprocess(rgb, shape_, workload_.preprocess, pixels_);
    for (int i = 0; i < workload_.repeat; ++i) {
      const Result<Top1> top1 = run();
      if (!top1) return pass_on(top1);
      answer.top1 = top1->index;
      answer.probability = top1->probability;
      ++(top1->index == workload_.expected ? tally_.rights : tally_.wrongs);
    }
    return answer;
  }

  Tally&& tally() { return std::move(tally_); }

 private:
  Result<Top1> run() {
    const Nanoseconds start = monotonic_now();
    const Result<> done = network_.run(pixels_, scores_);
    tally_.latencies.push_back(monotonic_now() - start);
    if (!done) return pass_on(done);
    return top1_of(scores_);
  }

  Network& network_;
  const Workload& workload_;
  InputShape shape_;
  std::vector<float> pixels_;
  std::vector<float> scores_;
  Tally tally_;
};

}  // namespace

Result<Top1> top1_of(std::span<const float> scores) {
  const auto finite = [](float score) { return std::isfinite(score); };
  if (scores.empty() || !std::all_of(scores.begin(), scores.end(), finite))
    return fail(Failure::measurement, "the network's answer is not made of finite numbers");
  const auto best = std::max_element(scores.begin(), scores.end());
  const Top1 top1{static_cast<int>(best - scores.begin()), *best};
  if (are_probabilities(scores)) return top1;
  double sum = 0;
  for (const float score : scores) sum += std::exp(static_cast<double>(score) - *best);
  return Top1{top1.index, 1 / sum};
}

Result<Tally> classify(Network& network, const std::vector<PhotoFile>& photos, const Workload& workload,
                       const OnAnswer& on_answer) {
  Classifier classifier(network, workload);
  for (const PhotoFile& photo : photos) {
    const Result<Answer> answer = classifier.classify(photo);
    if (!answer) return pass_on(answer);
    on_answer(*answer);
  }
  return classifier.tally();
}

}  // namespace pw
