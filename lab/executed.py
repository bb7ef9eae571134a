# SPDX-License-Identifier: GPL-3.0-or-later
"""What a ppc64le program executes under qemu-user, by kind of instruction: QEMU writes each block of code that it translates,
and the block's address whenever it runs it."""
import collections
import os
import subprocess

# Power ISA 3.1: the first six bits, and the eight that tell the instructions of that group apart.
KINDS = {
    "xvf32ger": (59, {26, 27, 90, 154, 218}),  # the matrix unit's: 16 multiplications
    "xvmadd sp": (60, {65, 73}),  # a vector's: 4 multiplications
}
PREFIX = 1  # the first word of an instruction of two words


def kind_of(word):
    for name, (first, others) in KINDS.items():
        if word >> 26 == first and word >> 3 & 0xFF in others:
            return name
    return ""


def kinds_in(block):
    """Of a block's words: how many instructions there are of each kind, and "all"."""
    kinds = collections.Counter(kind_of(word) for word in block)
    kinds["all"] = sum(word >> 26 != PREFIX for word in block)
    return kinds


def read_log(log):
    """The blocks' words by their address, and how often each ran."""
    blocks, runs, block = {}, collections.Counter(), None
    for line in log:
        if line.startswith("Trace"):  # "Trace 0: 0x7f... [0000000000000000/0000000010000a34/02806105/00000200] main"
            runs[int(line.split("/", 2)[1], 16)] += 1
        elif line.startswith("IN:"):
            block = []
        elif line.startswith("0x"):  # "0x1000098c:  ec0008d6  .byte ..."
            address, word = line.split(None, 2)[:2]
            if not block:
                blocks[int(address[:-1], 16)] = block
            block.append(int(word, 16))
    return blocks, runs


def executed(emulator, program, environment, limit_s=300):
    """A Counter of KINDS and "all" over the whole run of `program`, and what it printed. `emulator`: QEMU and its options.
    `environment`: all of it."""
    reading, writing = os.pipe()
    words = ["timeout", str(limit_s), *emulator, "-d", "in_asm,exec,nochain", "-D", f"/dev/fd/{writing}", *program]
    with subprocess.Popen(words, env=environment, text=True, pass_fds=(writing,), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as running:
        os.close(writing)
        with open(reading, encoding="ascii", errors="replace") as log:
            blocks, runs = read_log(log)
        printed = running.communicate()[0]
    if running.returncode:
        raise subprocess.SubprocessError(f"{program[0]} ended with {running.returncode}: {printed[-400:]}")
    counts = collections.Counter()
    for address, times in runs.items():
        for kind, count in kinds_in(blocks[address]).items():
            counts[kind] += times * count
    return counts, printed
