// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/nvml/nvml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "os/library.h"
#include "power/reader/address.h"
#include "power/reader/energy_counter.h"
#include "power/reader/not_inherited.h"
#include "power/reader/reading.h"
#include "power/reader/warnings.h"

namespace pw {
namespace {

// NVML API Reference Guide: "Device Enums" and "Device Queries".
using Board = struct nvmlDevice_st*;
constexpr int kSuccess = 0, kNoPermission = 4, kNoDriver = 9, kLost = 15;
constexpr int kNoValue = -1;        // no code of NVML's
constexpr unsigned kNameSize = 96;  // NVML_DEVICE_NAME_V2_BUFFER_SIZE
constexpr unsigned kMostBoards = 64;
constexpr double kMilli = 1e-3;
// nvmlDeviceArchitecture_t. From Ampere on nvmlDeviceGetPowerUsage gives the mean of a second; GA100, which
// is Ampere, the power of a moment.
constexpr unsigned kAmpere = 7;
constexpr Nanoseconds kMeanSinceAmpere{1'000'000'000};
constexpr unsigned long long kNotAvailable = ~0ULL;  // NVML_VALUE_NOT_AVAILABLE

// nvmlPciInfo_t.
struct Pci {
  char short_id[16];
  unsigned domain, bus, device, id, subsystem;
  char bus_id[32];  // "00000000:3B:00.0"
};

struct Nvml {
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  const char* (*error_text)(int) = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*board)(unsigned, Board*) = nullptr;
  int (*name)(Board, char*, unsigned) = nullptr;
  int (*energy)(Board, unsigned long long*) = nullptr;   // mJ since the driver was loaded; since driver 410
  int (*power)(Board, unsigned*) = nullptr;              // mW
  int (*limits)(Board, unsigned*, unsigned*) = nullptr;  // mW: the least and the most that may be set
  int (*bus)(Board, Pci*) = nullptr;
  int (*architecture)(Board, unsigned*) = nullptr;

  std::string text(int code) const { return printable(error_text(code)); }
};

Result<Nvml> load(const std::string& path) {
  const Result<Library> library = Library::open({path});
  if (!library)
    return fail(Failure::not_possible, "NVIDIA's library cannot be loaded: it is not installed", path,
                "it comes with NVIDIA's driver");
  Nvml nvml;
  library->find("nvmlDeviceGetTotalEnergyConsumption", nvml.energy);
  library->find("nvmlDeviceGetPowerManagementLimitConstraints", nvml.limits);
  library->find("nvmlDeviceGetPciInfo_v3", nvml.bus);
  library->find("nvmlDeviceGetArchitecture", nvml.architecture);
  if (const Result<> bound =
          library->bind("nvmlInit_v2", nvml.init, "nvmlShutdown", nvml.shutdown, "nvmlErrorString",
                        nvml.error_text, "nvmlDeviceGetCount_v2", nvml.count, "nvmlDeviceGetHandleByIndex_v2",
                        nvml.board, "nvmlDeviceGetName", nvml.name, "nvmlDeviceGetPowerUsage", nvml.power);
      !bound)
    return fail(Failure::not_possible, "it lacks functions of NVML", path);
  return nvml;
}

struct OpenBoard {
  Board board = nullptr;
  Channel channel;
  EnergyCounter<unsigned long long> energy{{}};  // it begins anew with the driver
};

class NvmlReader : public PowerReader {
 public:
  NvmlReader(std::string library, Nvml nvml, double rate_hz)
      : library_(std::move(library)), nvml_(nvml), rate_hz_(rate_hz) {}
  NvmlReader(const NvmlReader&) = delete;
  NvmlReader& operator=(const NvmlReader&) = delete;
  ~NvmlReader() override { nvml_.shutdown(); }

  Result<> find_boards() {
    unsigned count = 0;
    int code = nvml_.count(&count);
    std::string refusal = code == kSuccess ? "there is no board" : nvml_.text(code);
    for (unsigned i = 0; code == kSuccess && i < std::min(count, kMostBoards); ++i) {
      OpenBoard open;
      int status = nvml_.board(i, &open.board);
      if (status == kSuccess) status = identify(open, i);
      if (status == kSuccess)
        boards_.push_back(std::move(open));
      else
        refusal = note_refusal(i, status);
    }
    if (!boards_.empty()) return {};
    return fail(Failure::not_possible, refusal, library_);
  }

  PowerSource describe() const override { return power_source("nvml", printable(library_), rate_hz_); }

  std::vector<Channel> channels() const override {
    std::vector<Channel> channels;
    for (const OpenBoard& open : boards_) channels.push_back(open.channel);
    return channels;
  }

  void read_into(std::vector<PowerSample>& samples) override {
    for (std::size_t i = 0; i < boards_.size(); ++i) {
      samples.push_back(read_one(i));
      samples.back().channel = static_cast<int>(i);
    }
  }

  std::vector<std::string> take_warnings() override { return warnings_.take(); }
  std::vector<std::string> left_out() const override { return left_out_; }

 private:
  std::string note_refusal(unsigned number, int status) {
    const std::string what = fmt::format("GPU {}: {}", number, nvml_.text(status));
    left_out_.push_back(what + ": it is left out");
    return what;
  }

  EnergyCounter<unsigned long long> counter_of(const OpenBoard& open) const {
    unsigned least = 0, most = 0;
    std::optional<Watts> limit;
    if (nvml_.limits && nvml_.limits(open.board, &least, &most) == kSuccess && most > 0)
      limit = Watts{most * kMilli};
    return EnergyCounter<unsigned long long>({.scale = kMilli, .cap = power_cap(open.channel, limit)});
  }

  // "00000000:3B:00.0", or "GPU 0" where the board has no such address.
  std::string device_of(const OpenBoard& open) const {
    Pci pci{};
    if (!nvml_.bus || nvml_.bus(open.board, &pci) != kSuccess) return open.channel.scope;
    pci.bus_id[sizeof pci.bus_id - 1] = 0;
    return printable(pci.bus_id);
  }

  // Its name and what it can tell; the code of the last refusal where that is nothing.
  int identify(OpenBoard& open, unsigned number) const {
    std::array<char, kNameSize> name{};
    if (nvml_.name(open.board, name.data(), kNameSize - 1) != kSuccess) name[0] = 0;
    open.channel.scope = fmt::format("GPU {}", number);
    open.channel.name = name[0] ? open.channel.scope + " " + printable(name.data()) : open.channel.scope;
    open.channel.meter = kMeterBoard;
    open.channel.step = kMilli;
    open.channel.device = device_of(open);
    open.energy = counter_of(open);
    unsigned long long energy = 0;
    unsigned power = 0;
    open.channel.kind = ChannelKind::accumulating;
    if (nvml_.energy && nvml_.energy(open.board, &energy) == kSuccess && energy != kNotAvailable)
      return kSuccess;
    open.channel.kind = ChannelKind::instantaneous;
    open.channel.averages = averages(open.board);
    return nvml_.power(open.board, &power);
  }

  Nanoseconds averages(Board board) const {
    unsigned architecture = 0;
    const bool known = nvml_.architecture && nvml_.architecture(board, &architecture) == kSuccess;
    return known && architecture >= kAmpere ? kMeanSinceAmpere : Nanoseconds{};
  }

  PowerSample read_one(std::size_t number) {
    OpenBoard& open = boards_[number];
    PowerSample sample;
    unsigned long long energy = 0;
    unsigned power = 0;
    const bool accumulates = open.channel.kind == ChannelKind::accumulating;
    const Nanoseconds begin = monotonic_now();
    const int code = accumulates ? nvml_.energy(open.board, &energy) : nvml_.power(open.board, &power);
    stamp(sample, begin, monotonic_now());
    if (code != kSuccess) {
      sample.status = code == kLost ? SampleStatus::session_lost : SampleStatus::error;
      warnings_.trouble(number, code, open.channel.scope + ": " + nvml_.text(code));
      return sample;
    }
    if (accumulates && energy == kNotAvailable) {
      sample.status = SampleStatus::no_value;
      warnings_.trouble(number, kNoValue, open.channel.scope + ": it says that it has no value");
      return sample;
    }
    warnings_.over(number);
    if (accumulates)
      take_count(open.energy, energy, open.channel.scope, sample, warnings_);
    else
      sample.watts = Watts{power * kMilli};
    return sample;
  }

  std::string library_;
  Nvml nvml_;
  double rate_hz_;
  std::vector<OpenBoard> boards_;
  std::vector<std::string> left_out_;
  Warnings warnings_;
};

const char* hint_for(int code) {
  if (code == kNoPermission) return "may this user open /dev/nvidiactl?";
  if (code == kNoDriver) return "sudo modprobe nvidia";
  return "";
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_nvml(const std::string& library, double rate_hz) {
  const NotInherited opened_here;
  const Result<Nvml> nvml = load(library);
  if (!nvml) return pass_on(nvml);
  if (const int code = nvml->init(); code != kSuccess)
    return fail(Failure::not_possible, "NVML cannot be used: " + nvml->text(code), library, hint_for(code));
  auto reader = std::make_unique<NvmlReader>(library, *nvml, rate_hz);
  if (const Result<> found = reader->find_boards(); !found) return pass_on(found);
  if (tells_a_value(*reader)) return reader;
  return fail(Failure::not_possible, "no board tells its energy or power", library);
}

namespace {

Result<std::unique_ptr<PowerReader>> open_nvml_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds) {
  return open_nvml(path_in(address, kNvmlLibrary), rate_hz);
}

PowerAdvice nvml_advice() {
  if (!std::filesystem::exists("/proc/driver/nvidia")) return {};
  return {"sudo modprobe nvidia", "sudo modprobe -r nvidia"};
}

}  // namespace

constinit const PowerKind kNvmlPower = {
    "nvml",
    "NVIDIA boards (NVML): energy counters, or power where a board has none",
    "nvml; nvml:FILE: another library than libnvidia-ml.so.1",
    10,
    opens_here<open_nvml_source>,
    open_nvml_source,
    nvml_advice,
    PowerKind::Chosen::by_name};

}  // namespace pw
