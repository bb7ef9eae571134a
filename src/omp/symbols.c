// SPDX-License-Identifier: Apache-2.0
// What OpenMP runs are local functions, which only the table of symbols in the program's file names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "omp/marks.h"

struct file {
  const char* bytes;
  size_t size;
};

static const void* part(const struct file* file, size_t offset, size_t bytes) {
  return offset <= file->size && bytes <= file->size - offset ? file->bytes + offset : NULL;
}

static const ElfW(Shdr) * section(const struct file* file, const ElfW(Ehdr) * head, unsigned index) {
  return index < head->e_shnum && head->e_shentsize == sizeof(ElfW(Shdr))
             ? part(file, head->e_shoff + (size_t)index * sizeof(ElfW(Shdr)), sizeof(ElfW(Shdr)))
             : NULL;
}

static const ElfW(Sym) * find_among(const ElfW(Sym) * symbols, size_t count, ElfW(Addr) at) {
  for (size_t i = 0; i < count; ++i)
    if ((symbols[i].st_info & 0xf) == STT_FUNC && at >= symbols[i].st_value &&
        at - symbols[i].st_value < symbols[i].st_size)
      return &symbols[i];
  return NULL;
}

static bool write_name(char* name, size_t bytes, const char* symbol, size_t offset) {
  if (offset == 0)
    snprintf(name, bytes, "%s", symbol);
  else
    snprintf(name, bytes, "%s+%#zx", symbol, offset);
  return true;
}

static bool find_in_table(const struct file* file, const ElfW(Shdr) * table, const ElfW(Shdr) * strings,
                          ElfW(Addr) at, char* name, size_t bytes) {
  const ElfW(Sym)* const symbols = part(file, table->sh_offset, table->sh_size);
  const char* const texts = part(file, strings->sh_offset, strings->sh_size);
  if (!symbols || !texts || strings->sh_size == 0 || texts[strings->sh_size - 1] != 0) return false;
  const ElfW(Sym)* const found = find_among(symbols, table->sh_size / sizeof *symbols, at);
  return found && found->st_name < strings->sh_size &&
         write_name(name, bytes, texts + found->st_name, at - found->st_value);
}

static bool find_in_file(const struct file* file, ElfW(Addr) at, char* name, size_t bytes) {
  const ElfW(Ehdr)* const head = part(file, 0, sizeof *head);
  if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) return false;
  for (unsigned i = 0; i < head->e_shnum; ++i) {
    const ElfW(Shdr)* const table = section(file, head, i);
    const ElfW(Shdr)* const strings =
        table && table->sh_type == SHT_SYMTAB ? section(file, head, table->sh_link) : NULL;
    if (strings && find_in_table(file, table, strings, at, name, bytes)) return true;
  }
  return false;
}

static bool find_by_path(const char* path, ElfW(Addr) at, char* name, size_t bytes) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat status;
  bool found = false;
  if (fd < 0) return false;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    struct file file = {NULL, (size_t)status.st_size};
    void* const mapped = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0);
    file.bytes = mapped;
    if (mapped != MAP_FAILED) {
      found = find_in_file(&file, at, name, bytes);
      munmap(mapped, file.size);
    }
  }
  close(fd);
  return found;
}

void perfwatt_symbol_of_(const void* code, char* name, size_t bytes) {
  Dl_info info;
  struct link_map* map = NULL;
  if (!dladdr1(code, &info, (void**)&map, RTLD_DL_LINKMAP) || !map) {
    snprintf(name, bytes, "unknown code");
    return;
  }
  const ElfW(Addr) at = (ElfW(Addr))code - map->l_addr;
  const char* const file = map->l_name[0] ? map->l_name : "/proc/self/exe";
  if (find_by_path(file, at, name, bytes)) return;
  if (info.dli_sname && info.dli_saddr && info.dli_saddr <= code) {
    write_name(name, bytes, info.dli_sname, (size_t)((const char*)code - (const char*)info.dli_saddr));
    return;
  }
  const char* const slash = strrchr(info.dli_fname, '/');
  write_name(name, bytes, slash ? slash + 1 : info.dli_fname, (size_t)at);
}
