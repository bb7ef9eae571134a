// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/files/network_disk.h"

#include <sys/vfs.h>

#include <algorithm>
#include <cstdint>

namespace pw {
namespace {

// Linux's include/uapi/linux/magic.h and statfs(2); Lustre, GPFS, BeeGFS and PanFS from their own sources.
constexpr std::uint32_t kNetworkTypes[] = {
    0x00006969,  // NFS
    0x0000517b,  // SMB
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB2
    0x01021997,  // 9p
    0x65735546,  // FUSE
    0x0bd00bd0,  // Lustre
    0x47504653,  // GPFS
    0x5346414f,  // AFS
    0x6b414653,  // AFS (kAFS)
    0x00c36400,  // Ceph
    0x73757245,  // Coda
    0x0000564c,  // NCP
    0x7461636f,  // OCFS2
    0x01161970,  // GFS2
    0x19830326,  // BeeGFS
    0xaad7aaea,  // PanFS
    0x20030528,  // OrangeFS
    0x786f4256,  // VirtualBox shared folder
    0xbacbacbc,  // VMware shared folder
};

}  // namespace

bool is_network_type(long f_type) {
  return std::ranges::count(kNetworkTypes, static_cast<std::uint32_t>(f_type)) > 0;
}

bool on_network_disk(const std::filesystem::path& folder) {
  struct statfs info {};
  return ::statfs(folder.c_str(), &info) == 0 && is_network_type(info.f_type);
}

}  // namespace pw
