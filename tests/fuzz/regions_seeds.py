# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/fuzz/regions_seeds.py FOLDER: slabs with a process, a thread and two paths, as src/mark/slab.h has them."""
import pathlib
import struct
import sys

NAME, NODE, LOG, THREAD, PROCESS, PIECE, WORK = 192, 320, 704, 832, 5120, 5184, 6208  # offsets, in units of 64 bytes


def slab(depth, logged):
    content = bytearray(6272)
    struct.pack_into("<QIIQIIIIQII", content, 0, 0x736e6f6967657270, 1, 64 << 20, 1, 128, 32, 0, 0, len(content), PROCESS, NAME)
    struct.pack_into("<IIQII", content, NAME, 0, 5, 5, 1, 0)
    content[NAME + 24:NAME + 29] = b"layer"
    for i in range(2):
        struct.pack_into("<8IQdQQ", content, NODE + 192 * i, NODE if i else 0, NODE if i else 0, NAME, 0, 0, LOG, 0, logged, 2, 1.0, 1000, 900)
    for i in range(8):
        struct.pack_into("<QQ", content, LOG + 16 * i, 100 + i, 200 + i)
    struct.pack_into("<IIiI16sIIII", content, THREAD, 0, PROCESS, 12, 1, b"worker", NODE + 192, 2, depth, 0)
    struct.pack_into("<IQ", content, THREAD + 180, PIECE, 0)
    struct.pack_into("<4I", content, PIECE, 0, 1024, logged, 0)
    for i in range(logged):
        struct.pack_into("<QQII", content, PIECE + 16 + 24 * i, 100 + i, 200 + i, NODE + 192 * (i % 2), 0)
    struct.pack_into("<I", content, NAME + 20, WORK)
    struct.pack_into("<ddII", content, WORK, 2e9, 4e6, 3, 0)
    content[WORK + 24:WORK + 27] = b"avx"
    struct.pack_into("<IIiIQQ", content, PROCESS, 0, THREAD, 11, 1, 50, 0)
    return bytes(content)


for name, content in (("plain", slab(0, 8)), ("open", slab(2, 2))):
    (pathlib.Path(sys.argv[1]) / name).write_bytes(content)
