// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/elf.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "os/descriptor.h"

namespace pw {
namespace {

struct MachineName {
  int number;
  const char* name;
};

constexpr MachineName kMachines[] = {{EM_X86_64, "x86_64"}, {EM_386, "i386"},    {EM_AARCH64, "aarch64"},
                                     {EM_ARM, "arm"},       {EM_PPC64, "ppc64"}, {EM_PPC, "ppc"},
                                     {EM_RISCV, "riscv"},   {EM_S390, "s390x"},  {EM_MIPS, "mips"},
                                     {EM_SPARCV9, "sparc"}, {EM_IA_64, "ia64"}};

constexpr std::size_t kHead = 4096;

template <class T>
std::optional<T> at(const std::string& head, std::size_t offset) {
  T value;
  if (offset > head.size() || head.size() - offset < sizeof value) return std::nullopt;
  std::memcpy(&value, head.data() + offset, sizeof value);
  return value;
}

bool little(const std::string& head) { return head[EI_DATA] == ELFDATA2LSB; }

constexpr std::size_t kMachineAt = 18;  // e_machine, in every class

int machine_number(const std::string& head) {
  const auto low = static_cast<unsigned char>(head[kMachineAt]),
             high = static_cast<unsigned char>(head[kMachineAt + 1]);
  return little(head) ? low | high << 8 : low << 8 | high;
}

std::string machine_of(const std::string& head) {
  const int number = machine_number(head);
  const auto known = std::ranges::find(kMachines, number, &MachineName::number);
  if (known == std::end(kMachines)) return fmt::format("machine {}", number);
  return std::string(known->name) + (number == EM_PPC64 && little(head) ? "le" : "");
}

// The dynamic loader that a 64-bit program of this byte order asks for; "" where it needs none.
std::string loader_of(const std::string& head) {
  const auto file = at<Elf64_Ehdr>(head, 0);
  for (std::size_t i = 0; file && i < file->e_phnum; ++i) {
    const auto part = at<Elf64_Phdr>(head, file->e_phoff + i * sizeof(Elf64_Phdr));
    if (!part || part->p_type != PT_INTERP) continue;
    if (part->p_offset >= head.size()) return "";
    return head.substr(part->p_offset, std::min<std::size_t>(part->p_filesz, head.size())).c_str();
  }
  return "";
}

}  // namespace

std::string head_of(const std::string& path, std::size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  std::string head(most, '\0');
  const ssize_t got = file ? ::read(file.fd(), head.data(), head.size()) : -1;
  head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return head;
}

std::string why_not_run(const std::string& path) {
  const std::string head = head_of(path, kHead), ours = head_of("/proc/self/exe", kHead);
  if (head.empty()) return "it is an empty file, or cannot be read";
  if (!head.starts_with(ELFMAG) || head.size() < sizeof(Elf32_Ehdr)) return "";
  if (machine_number(head) != machine_number(ours) || head[EI_DATA] != ours[EI_DATA]) {
    utsname names{};
    ::uname(&names);
    return "it is a program for " + machine_of(head) + ", and this machine is " + names.machine;
  }
  if (head[EI_CLASS] != ELFCLASS64 || head[EI_DATA] != ours[EI_DATA]) return "";
  const std::string loader = loader_of(head);
  if (!loader.empty() && ::access(loader.c_str(), F_OK) != 0)
    return "the loader that it asks for is not there: " + printable(loader);
  return "it is damaged, or for another kernel";
}

}  // namespace pw
