// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite/folder_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <string_view>

namespace pw {
namespace {

// The default one. What is not replaced below is done by it.
sqlite3_vfs* base() {
  static sqlite3_vfs* const found = sqlite3_vfs_find("unix");
  return found;
}

int open_new_journal(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* done) {
  constexpr int kJournals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  if ((flags & kJournals) != 0 && (flags & SQLITE_OPEN_CREATE) != 0) flags |= SQLITE_OPEN_EXCLUSIVE;
  return base()->xOpen(base(), name, file, flags, done);
}

int see_no_journal(sqlite3_vfs*, const char* name, int flags, int* found) {
  for (const std::string_view journal : {"-wal", "-journal"}) {
    if (!std::string_view(name).ends_with(journal)) continue;
    *found = 0;
    return SQLITE_OK;
  }
  return base()->xAccess(base(), name, flags, found);
}

int keep_name(sqlite3_vfs*, const char* name, int size, char* full) {
  if (std::strlen(name) >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::strcpy(full, name);
  return SQLITE_OK;
}

}  // namespace

const char* folder_vfs() {
  static sqlite3_vfs* const ours = [] {
    static sqlite3_vfs vfs = *base();
    vfs.pNext = nullptr;
    vfs.zName = "perfwatt-folder";
    vfs.xOpen = open_new_journal;
    vfs.xAccess = see_no_journal;
    vfs.xFullPathname = keep_name;
    sqlite3_vfs_register(&vfs, 0);
    return &vfs;
  }();
  return ours->zName;
}

}  // namespace pw
