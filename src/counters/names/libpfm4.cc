// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/libpfm4.h"

#ifdef PERFWATT_LIBPFM4
#include <perfmon/pfmlib_perf_event.h>

#include <cstdlib>

#include "os/library.h"

namespace pw {
namespace {

struct Libpfm4 {
  decltype(&pfm_initialize) initialize = nullptr;
  decltype(&pfm_get_os_event_encoding) encode = nullptr;
  decltype(&pfm_strerror) error_text = nullptr;
  bool ready = false;
};

const Libpfm4& libpfm4() {
  static const Libpfm4 loaded = [] {
    Libpfm4 found;
    const Result<Library> library = Library::open({"libpfm.so.4"});
    found.ready = library &&
                  library->bind("pfm_initialize", found.initialize, "pfm_get_os_event_encoding", found.encode,
                                "pfm_strerror", found.error_text) &&
                  found.initialize() == PFM_SUCCESS;
    return found;
  }();
  return loaded;
}

}  // namespace

Result<EventRequest> libpfm4_event(const std::string& name) {
  if (!libpfm4().ready)
    return fail(Failure::not_possible, "libpfm4 is not installed", "-e", "sudo apt-get install libpfm4");
  perf_event_attr attr{};
  char* full_name = nullptr;
  pfm_perf_encode_arg_t wanted{};
  wanted.attr = &attr;
  wanted.fstr = &full_name;
  wanted.size = sizeof wanted;
  const int error = libpfm4().encode(name.c_str(), PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &wanted);
  const std::string full = full_name ? full_name : "";
  std::free(full_name);
  if (error != PFM_SUCCESS)
    return fail(Failure::input, "libpfm4 does not know '" + name + "': " + libpfm4().error_text(error), "-e");
  EventRequest event;
  event.name = name;
  event.type = attr.type;
  event.config = attr.config;
  event.config1 = attr.config1;
  event.config2 = attr.config2;
  event.hardware = full.substr(0, full.find(":u="));
  event.meaning = "as libpfm4 encodes it";
  return event;
}

}  // namespace pw

#else

namespace pw {

Result<EventRequest> libpfm4_event(const std::string&) {
  return fail(Failure::not_possible, "perfwatt was built without libpfm4", "-e");
}

}  // namespace pw

#endif
