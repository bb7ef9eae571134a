// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/nvml.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "power/not_inherited.h"

namespace pw {
namespace {

// NVML API Reference Guide: "Device Enums" and "Device Queries".
using Board = struct nvmlDevice_st*;
constexpr int kSuccess = 0, kNoPermission = 4, kNoDriver = 9, kLost = 15;
constexpr unsigned kNameSize = 96;  // NVML_DEVICE_NAME_V2_BUFFER_SIZE
constexpr unsigned kMostBoards = 64;
constexpr double kMilli = 1e-3;
constexpr double kMostBoardWatts = 10'000;  // of a board

struct Nvml {
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  const char* (*error_text)(int) = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*board)(unsigned, Board*) = nullptr;
  int (*name)(Board, char*, unsigned) = nullptr;
  int (*energy)(Board, unsigned long long*) = nullptr;  // mJ since the driver was loaded; since driver 410
  int (*power)(Board, unsigned*) = nullptr;             // mW

  std::string text(int code) const { return printable(error_text(code)); }
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

// Never unloaded: a reading that hangs is left behind.
Result<Nvml> load(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return fail(Failure::not_possible, "NVIDIA's library cannot be loaded: it is not installed", path,
                "it comes with NVIDIA's driver");
  Nvml nvml;
  find(library, "nvmlDeviceGetTotalEnergyConsumption", nvml.energy);
  if (find(library, "nvmlInit_v2", nvml.init) && find(library, "nvmlShutdown", nvml.shutdown) &&
      find(library, "nvmlErrorString", nvml.error_text) &&
      find(library, "nvmlDeviceGetCount_v2", nvml.count) &&
      find(library, "nvmlDeviceGetHandleByIndex_v2", nvml.board) &&
      find(library, "nvmlDeviceGetName", nvml.name) && find(library, "nvmlDeviceGetPowerUsage", nvml.power))
    return nvml;
  return fail(Failure::not_possible, "it lacks functions of NVML", path);
}

struct OpenBoard {
  Board board = nullptr;
  Channel channel;
  std::optional<unsigned long long> last;  // mJ
  Nanoseconds last_time;
  Joules joules;
  int failing = kSuccess;
  std::int64_t resets = 0;
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

  PowerSource describe() const override {
    PowerSource source;
    source.name = "nvml";
    source.address = printable(library_);
    source.rate_hz = rate_hz_;
    return source;
  }

  std::vector<Channel> channels() const override {
    std::vector<Channel> channels;
    for (const OpenBoard& open : boards_) channels.push_back(open.channel);
    return channels;
  }

  void read_into(std::vector<PowerSample>& samples) override {
    for (OpenBoard& open : boards_) {
      samples.push_back(read_one(open));
      samples.back().channel = static_cast<int>(samples.size()) - 1;
    }
  }

  std::vector<std::string> take_warnings() override { return std::exchange(warnings_, {}); }

 private:
  std::string note_refusal(unsigned number, int status) {
    const std::string what = fmt::format("GPU {}: {}", number, nvml_.text(status));
    warnings_.push_back(what + ": it is left out");
    return what;
  }

  // Its name and what it can tell; the code of the last refusal where that is nothing.
  int identify(OpenBoard& open, unsigned number) const {
    std::array<char, kNameSize> name{};
    if (nvml_.name(open.board, name.data(), kNameSize - 1) != kSuccess) name[0] = 0;
    open.channel.scope = fmt::format("GPU {}", number);
    open.channel.name = name[0] ? open.channel.scope + " " + printable(name.data()) : open.channel.scope;
    open.channel.meter = kMeterBoard;
    open.channel.step = kMilli;
    unsigned long long energy = 0;
    unsigned power = 0;
    open.channel.kind = ChannelKind::accumulating;
    if (nvml_.energy && nvml_.energy(open.board, &energy) == kSuccess) return kSuccess;
    open.channel.kind = ChannelKind::instantaneous;
    return nvml_.power(open.board, &power);
  }

  PowerSample read_one(OpenBoard& open) {
    PowerSample sample;
    unsigned long long energy = 0;
    unsigned power = 0;
    const bool accumulates = open.channel.kind == ChannelKind::accumulating;
    const Nanoseconds begin = monotonic_now();
    const int code = accumulates ? nvml_.energy(open.board, &energy) : nvml_.power(open.board, &power);
    sample.read = monotonic_now() - begin;
    sample.time = begin + sample.read / 2;
    if (code != kSuccess) return failed(open, code, sample);
    open.failing = kSuccess;
    if (accumulates)
      count(open, energy, sample);
    else if (power <= kMostBoardWatts / kMilli)
      sample.watts = Watts{power * kMilli};
    else
      sample.status = SampleStatus::error;
    return sample;
  }

  PowerSample failed(OpenBoard& open, int code, PowerSample sample) {
    sample.status = code == kLost ? SampleStatus::session_lost : SampleStatus::error;
    if (std::exchange(open.failing, code) != code)
      warnings_.push_back(open.channel.scope + ": " + nvml_.text(code));
    return sample;
  }

  // It begins anew with the driver; a board cannot have drawn more than kMostBoardWatts.
  void count(OpenBoard& open, unsigned long long energy, PowerSample& sample) {
    const unsigned long long last = std::exchange(open.last, energy).value_or(energy);
    const Seconds since = to_seconds(sample.time - std::exchange(open.last_time, sample.time));
    const double rise = energy < last ? -1 : static_cast<double>(energy - last) * kMilli;
    if (rise >= 0 && rise <= kMostBoardWatts * (since.value + 1)) {
      open.joules += Joules{rise};
    } else {
      sample.status = SampleStatus::reset;
      if (open.resets++ == 0)
        warnings_.push_back(open.channel.scope +
                            ": its energy counter jumped: the energy meanwhile is unknown");
    }
    sample.joules = open.joules;
  }

  std::string library_;
  Nvml nvml_;
  double rate_hz_;
  std::vector<OpenBoard> boards_;
  std::vector<std::string> warnings_;
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
  for (const PowerSample& sample : reader->read())
    if (usable(sample)) return reader;
  return fail(Failure::not_possible, "no board tells its energy or power", library);
}

}  // namespace pw
