// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/perf_rapl.h"

#include <fmt/format.h>

#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "base/list.h"
#include "base/text.h"
#include "os/clock.h"
#include "os/perf_event.h"
#include "power/reader/energy_counter.h"
#include "power/reader/reading.h"
#include "power/reader/warnings.h"
#include "power/sysfs/rapl.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

const fs::path kPmu = "sys/bus/event_source/devices/power";

struct Domain {
  const char* event;
  const char* name;   // powercap's
  const char* scope;  // within its socket
};

// What the kernel names energy-NAME.
constexpr Domain kDomains[] = {{"energy-pkg", "package", ""},
                               {"energy-cores", "core", " cores"},
                               {"energy-gpu", "uncore", " graphics"},
                               {"energy-ram", "dram", " memory"},
                               {"energy-psys", "psys", nullptr}};

// "event=0x02" -> 2: of a PMU whose format says that an event is config's first bits.
std::optional<std::uint64_t> config_of(const std::string& text) {
  return text.starts_with("event=0x") ? parse_hex(std::string_view(text).substr(8)) : std::nullopt;
}

// The kernel undoes the wraps of the hardware's 32 bits: what goes back is no energy.
struct Counter {
  Channel channel;
  CounterRead read;
  EnergyCounter<std::uint64_t> energy;
};

// The package of each CPU of the mask, and its die where one package has two of them.
std::vector<std::string> sockets_of(const Root& root, const std::vector<int>& cpus) {
  std::vector<std::string> sockets;
  std::map<std::string, int> alike;
  const auto topology = [&](int cpu, const char* what) {
    return root.number(fmt::format("sys/devices/system/cpu/cpu{}/topology/{}", cpu, what)).value_or(-1);
  };
  for (const int cpu : cpus) {
    const long package = topology(cpu, "physical_package_id");
    sockets.push_back(fmt::format("socket {}", package < 0 ? static_cast<long>(sockets.size()) : package));
    ++alike[sockets.back()];
  }
  for (std::size_t i = 0; i < cpus.size(); ++i)
    if (alike[sockets[i]] > 1) sockets[i] += fmt::format(" die {}", topology(cpus[i], "die_id"));
  return sockets;
}

class PerfRaplReader : public PowerReader {
 public:
  PerfRaplReader(std::vector<Counter> counters, double rate_hz, std::vector<std::string> left_out)
      : counters_(std::move(counters)), rate_hz_(rate_hz), left_out_(std::move(left_out)) {}

  PowerSource describe() const override { return power_source("perf-rapl", "/" + kPmu.string(), rate_hz_); }

  std::vector<Channel> channels() const override {
    std::vector<Channel> channels;
    for (const Counter& counter : counters_) channels.push_back(counter.channel);
    return channels;
  }

  void read_into(std::vector<PowerSample>& samples) override {
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      PowerSample sample;
      sample.channel = static_cast<int>(i);
      const Nanoseconds begin = monotonic_now();
      const auto raw = counters_[i].read();
      stamp(sample, begin, monotonic_now());
      raw ? count(i, *raw, sample) : failed(i, raw.error(), sample);
      samples.push_back(sample);
    }
  }

  bool cheap() const override { return true; }
  std::vector<std::string> take_warnings() override { return warnings_.take(); }
  std::vector<std::string> left_out() const override { return left_out_; }

 private:
  void count(std::size_t number, std::uint64_t raw, PowerSample& sample) {
    Counter& counter = counters_[number];
    warnings_.over(number);
    take_count(counter.energy, raw, counter.channel.name, sample, warnings_);
  }

  void failed(std::size_t number, int error, PowerSample& sample) {
    sample.status = SampleStatus::error;
    warnings_.trouble(number, error,
                      counters_[number].channel.name + ": " + std::generic_category().message(error));
  }

  std::vector<Counter> counters_;
  double rate_hz_;
  std::vector<std::string> left_out_;
  Warnings warnings_;
};

Channel channel_of(const Domain& domain, const std::string& socket, int cpu, double scale) {
  Channel channel;
  const bool whole = domain.scope == nullptr;
  channel.name = whole ? domain.name : socket + " " + domain.name;
  channel.kind = ChannelKind::accumulating;
  channel.scope = whole ? std::string(kWholeMachine) : socket + domain.scope;
  channel.refresh = kRaplRefresh;
  channel.meter = kMeterModel;
  channel.step = scale;
  channel.device = fmt::format("/{}/events/{}/cpu{}", kPmu.string(), domain.event, cpu);
  return channel;
}

tl::unexpected<Error> refused(const Root& root, int error) {
  const long paranoid = perf_event_paranoid(root).value_or(-1);
  if (error == EACCES || error == EPERM)
    return fail(Failure::not_possible,
                fmt::format("whole CPUs may not be counted: perf_event_paranoid is {}", paranoid),
                "/" + kPmu.string(), "needs 0 or less, or CAP_PERFMON: see perfwatt doctor");
  return fail_errno(Failure::not_possible, "its counters cannot be opened", error, "/" + kPmu.string());
}

}  // namespace

tl::expected<CounterRead, int> open_cpu_counter(const perf_event_attr& attr, int cpu) {
  auto event = PerfEvent::open(attr, -1, cpu);
  if (!event) return tl::unexpected(event.error());
  event->enable();
  auto shared = std::make_shared<PerfEvent>(std::move(*event));
  return [shared]() -> tl::expected<std::uint64_t, int> {
    const auto count = shared->read();
    if (!count) return tl::unexpected(count.error());
    return count->value;
  };
}

namespace {

const fs::path kEvents = kPmu / "events";

// How a domain is asked for; nothing where that is not understood.
struct Asked {
  std::uint64_t config;
  double scale;  // joules of a count
};
std::optional<Asked> asked(const Root& root, const Domain& domain) {
  const std::string event = (kEvents / domain.event).string();
  const auto config = config_of(root.text(event).value_or(""));
  const auto scale = parse_number(root.text(event + ".scale").value_or(""));
  if (!config || !scale || !(*scale > 0 && *scale < 1) || root.text(event + ".unit") != "Joules")
    return std::nullopt;
  return Asked{*config, *scale};
}

struct OpenedCounters {
  std::vector<Counter> counters;
  std::vector<std::string> left_out;
  int error = 0;
};

class Opening {
 public:
  Opening(const Root& root, std::uint32_t type, const CounterOpen& open)
      : root_(root),
        type_(type),
        open_(open),
        understood_(root.text(kPmu / "format" / "event").value_or("").starts_with("config:0-")) {}

  // `cpus`: one of each package.
  OpenedCounters all(const std::vector<int>& cpus) {
    const std::vector<std::string> sockets = sockets_of(root_, cpus);
    for (std::size_t i = 0; i < cpus.size(); ++i)
      for (const Domain& domain : kDomains) {
        const bool once = domain.scope == nullptr;  // of the whole machine
        if (root_.exists(kEvents / domain.event) && !(once && i > 0)) one(domain, sockets[i], cpus[i]);
      }
    return std::move(opened_);
  }

 private:
  void one(const Domain& domain, const std::string& socket, int cpu) {
    const auto how = understood_ ? asked(root_, domain) : std::nullopt;
    if (!how) return leave_out(fmt::format("{} of {}", domain.event, socket), "not understood");
    Channel channel = channel_of(domain, socket, cpu, how->scale);
    auto read = open_(PerfEvent::counting(type_, how->config), cpu);
    if (!read) {
      opened_.error = read.error();
      return leave_out(channel.name, std::generic_category().message(opened_.error));
    }
    EnergyCounter<std::uint64_t> energy({.scale = how->scale,
                                         .cap = power_cap(channel, rapl_limit(root_, channel.scope)),
                                         .refresh = channel.refresh});
    opened_.counters.push_back({std::move(channel), std::move(*read), std::move(energy)});
  }

  void leave_out(const std::string& what, const std::string& why) {
    opened_.left_out.push_back(what + " is left out: " + why);
  }

  const Root& root_;
  std::uint32_t type_;
  const CounterOpen& open_;
  bool understood_;  // how an event is written
  OpenedCounters opened_;
};

}  // namespace

Result<std::unique_ptr<PowerReader>> open_perf_rapl(const Root& root, double rate_hz,
                                                    const CounterOpen& open) {
  const auto type = root.number(kPmu / "type");
  if (!type || *type < 0)
    return fail(Failure::not_possible, "the kernel has no PMU for RAPL", "/" + kPmu.string(),
                "virtual machines have none; sudo modprobe rapl on bare metal");
  // "0,18" or "0-1".
  const auto cpus = parse_list(root.text(kPmu / "cpumask").value_or(""));
  OpenedCounters opened =
      Opening(root, static_cast<std::uint32_t>(*type), open).all(cpus ? *cpus : std::vector<int>{});
  if (opened.counters.empty() && opened.error != 0) return refused(root, opened.error);
  if (opened.counters.empty())
    return fail(Failure::not_possible, "its PMU has no energy event that is understood", "/" + kPmu.string());
  auto reader =
      std::make_unique<PerfRaplReader>(std::move(opened.counters), rate_hz, std::move(opened.left_out));
  if (tells_a_value(*reader)) return reader;
  return fail(Failure::not_possible, "its counters cannot be read", "/" + kPmu.string());
}

namespace {

Result<std::unique_ptr<PowerReader>> open_perf_rapl_source(const std::string&, const PowerRequest&,
                                                           double rate_hz, Nanoseconds) {
  return open_perf_rapl(Root(), rate_hz, open_cpu_counter);
}

PowerAdvice perf_rapl_advice() {
  const Root root;
  if (!root.exists(kPmu)) return {"sudo modprobe rapl", "sudo modprobe -r rapl"};
  if (const auto paranoid = perf_event_paranoid(root); paranoid && *paranoid > 0)
    return {"sudo sysctl kernel.perf_event_paranoid=0",
            fmt::format("sudo sysctl kernel.perf_event_paranoid={}", *paranoid)};
  return {};
}

}  // namespace

constinit const PowerKind kPerfRaplPower = {
    "perf-rapl",
    "the same counters through perf's PMU `power`, for those who may not read powercap",
    "perf-rapl",
    10,
    opens_here<open_perf_rapl_source>,
    open_perf_rapl_source,
    perf_rapl_advice};

}  // namespace pw
