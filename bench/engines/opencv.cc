// SPDX-License-Identifier: GPL-3.0-or-later
// OpenCV's DNN module, its own CPU backend. After the job's arguments: the four dimensions of the input.
#include <opencv2/dnn.hpp>

#include "job.h"

namespace {

void run(bench::Job& job) {
  cv::setNumThreads(job.threads);
  cv::dnn::Net net;
  const double load_ms = bench::milliseconds([&] {
    net = cv::dnn::readNetFromONNX(job.model);
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
  });
  std::vector<int> dims;
  for (const std::string& dim : job.more) dims.push_back(std::stoi(dim));
  const cv::Mat input(dims, CV_32F, job.input.data());
  cv::Mat scores;
  bench::measure(job, load_ms, [&] {
    net.setInput(input);
    scores = net.forward();
  });
  if (job.output != "-") bench::write_floats(job.output, scores.ptr<float>(), scores.total());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    bench::Job job(argc, argv);
    run(job);
  } catch (const std::exception& error) {
    std::string what = error.what();
    std::replace(what.begin(), what.end(), '\n', ' ');
    std::fprintf(stderr, "%s\n", what.c_str());
    return 1;
  }
}
