// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/library.h"

#include <dlfcn.h>

#include "base/text.h"

namespace pw {

Result<Library> Library::open(const std::vector<std::string>& names) {
  std::string why;
  for (const std::string& name : names) {
    if (void* const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return Library(name, handle);
    const char* const said = ::dlerror();
    why = printable(said ? said : "");
  }
  return fail(Failure::not_possible, "the library cannot be loaded: " + why, join(names, ", "));
}

void* Library::symbol(const char* name) const { return ::dlsym(handle_, name); }

}  // namespace pw
