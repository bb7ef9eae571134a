# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated machines: what QEMU is given, and what their kernel needs."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    summary: str
    architecture: str  # Debian's name
    kernel: str
    emulator: tuple
    console: str
    modules: tuple = ()
    bmc: tuple = ()  # the devices of in-band IPMI; @PORT@ is the simulator's
    pci: str = ""  # where the N-th PCI device goes


BT = ("-chardev", "socket,id=ipmi0,host=127.0.0.1,port=@PORT@,reconnect=1",
      "-device", "ipmi-bmc-extern,chardev=ipmi0,id=bmc0", "-device", "isa-ipmi-bt,bmc=bmc0,irq=10")
KCS = (*BT[:4], "-device", "isa-ipmi-kcs,bmc=bmc0")

# PowerNV has no PCI bus of its own with -nodefaults (which an external BMC requires). A device directly on a host bridge
# oopses the guest's kernel: each gets a bridge with a root port.
POWERNV_BRIDGES = tuple(word for n in range(3) for word in (
    "-device", f"pnv-phb,chip-id=0,index={n},id=phb{n}",
    "-device", f"pnv-phb-root-port,id=rp{n},bus=phb{n},chassis={n + 1},slot={n + 1}"))

MACHINES = {
    "powernv9": Machine(
        "POWER9 bare metal: OPAL firmware, a PMU that counts cycles and instructions, in-band IPMI (BT) and the network",
        "ppc64el", "linux-image-powerpc64le",
        ("qemu-system-ppc64", "-M", "powernv9", "-m", "2G", *POWERNV_BRIDGES), "hvc0",
        ("ipmi_powernv", "ipmi_devintf"), BT, ",bus=rp{}"),
    "pseries10": Machine(
        "POWER10 under a hypervisor: no OPAL, no in-band IPMI, MMA",
        "ppc64el", "linux-image-powerpc64le",
        ("qemu-system-ppc64", "-M", "pseries", "-cpu", "POWER10", "-m", "2G", "-vga", "none"), "hvc0"),
    "pseries8": Machine(
        "POWER8 under a hypervisor: no OPAL, no in-band IPMI",
        "ppc64el", "linux-image-powerpc64le",
        ("qemu-system-ppc64", "-M", "pseries", "-cpu", "POWER8", "-m", "2G", "-vga", "none"), "hvc0"),
    "arm64": Machine(
        "a Neoverse N1 that counts cycles and instructions",
        "arm64", "linux-image-arm64",
        ("qemu-system-aarch64", "-M", "virt", "-cpu", "neoverse-n1", "-icount", "shift=0", "-m", "2G"), "ttyAMA0"),
    "x86-kcs": Machine(
        "x86_64 without a PMU, in-band IPMI (KCS)",
        "amd64", "linux-image-amd64",
        ("qemu-system-x86_64", "-M", "q35", "-cpu", "max", "-m", "2G", "-vga", "none"), "ttyS0",
        ("ipmi_si", "ipmi_devintf"), KCS),
}

# Of CMakePresets.json: the architectures that are cross-built.
PRESETS = {"ppc64le": "ppc64el", "aarch64": "arm64"}
COMMON_MODULES = ("virtio_pci", "virtio_net", "9pnet_virtio", "9p", "overlay")
