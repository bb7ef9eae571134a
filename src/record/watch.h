// SPDX-License-Identifier: GPL-3.0-or-later
// Power alone, watched and recorded.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/sink.h"
#include "record/feed.h"
#include "record/waiting/waiting.h"

namespace pw {

struct WatchPlan {
  RecordingHeader header;
  Seconds interval;
  std::optional<Seconds> duration;
  std::vector<std::string> refusals;  // of the sources that were tried before the one that is read
};

class WatchObserver {
 public:
  virtual ~WatchObserver() = default;
  virtual void begin() = 0;
  virtual void samples(std::span<const PowerSample> samples) = 0;  // in the order of time within a channel
  virtual void note(const Note& note) = 0;
  // Once an interval. False: nobody listens any more, the watch ends.
  virtual bool interval(Seconds elapsed) = 0;
  virtual void end(Seconds elapsed) = 0;
};

class Watch {
 public:
  // `sink` may be null: nothing is recorded. All must outlive this.
  Watch(const WatchPlan& plan, World& world, Feed& feed, Sink* sink, WatchObserver& observer);

  // Ending::stopped where a signal came before the duration was over, else complete. Errors: the sink's.
  Result<Ending> run();

 private:
  Result<> begin();
  // Until a signal comes (true), the duration is over, or nobody listens.
  Result<bool> watch();
  Result<> take();
  void show(std::optional<Nanoseconds> up_to);
  bool one_a_row(const PowerSample& sample) const;
  void enclose(const PowerSample& sample);
  Result<Ending> finish(Ending ending);
  Result<> store(Ending ending, Nanoseconds end, std::span<const PowerSource> counted);
  Execution whole(Nanoseconds end) const;
  bool over() const;
  Seconds elapsed() const { return to_seconds(waiting_.now() - plan_.header.start); }

  struct Span {
    std::optional<Nanoseconds> first;
    Nanoseconds last;
  };
  const WatchPlan& plan_;
  Feed& feed_;
  Sink* sink_;
  WatchObserver& observer_;
  Waiting waiting_;
  std::optional<Nanoseconds> last_;  // when the duration is over
  std::vector<PowerSample> unseen_;  // by the observer
  std::vector<Span> spans_;          // of the usable readings of each channel
};

}  // namespace pw
