# SPDX-License-Identifier: Apache-2.0
"""The power samples of a recording, most of which stand in blocks: docs/recording.md, "Blocks of samples"."""
import heapq
import struct

from perfwatt.errors import Error

BASE, STEP, UNIT = 0x10, 0x20, 0x40  # flags of the words that follow a column's first byte; its low bits are the width
SIZES = {1: "B", 2: "H", 4: "I", 8: "Q"}
TENS = tuple(float(f"1e{exponent}") for exponent in range(10))
TENTHS = tuple(float(f"1e-{exponent}") for exponent in range(10))
HALVES = tuple(2.0 ** -exponent for exponent in range(31))
INTEGER_COLUMNS = 8  # of a channel, behind its values: has a value, has a stamp, stamp, status, readings, least, most, deviation
STATUS = 3


class Column:
    """Whole numbers at `at` of `data`, `count` of them; `end` is where they end."""

    def __init__(self, data, at, count):
        head = data[at]
        self.data, self.count, self.at, self.width = data, count, at + 1, head & 15
        self.base = self.word(head & BASE, 0, "q")
        self.step = self.word(head & STEP, 0, "q")
        self.unit = self.word(head & UNIT, 1, "Q")
        self.end = self.at + self.width * count
        if self.width > 8 or self.end > len(data):
            raise IndexError

    def word(self, there, otherwise, kind):
        if not there:
            return otherwise
        self.at += 8
        return struct.unpack_from("<" + kind, self.data, self.at - 8)[0]

    def rests(self):
        size = next((size for size in SIZES if size >= self.width), 8)
        planes = bytearray(size * self.count)
        for plane in range(self.width):
            begin = self.at + plane * self.count
            planes[plane::size] = self.data[begin:begin + self.count]
        return memoryview(planes).cast(SIZES[size])

    def numbers(self):
        if self.width == 0 and self.step == 0:
            return [self.base] * self.count
        base, step, unit = self.base, self.step, self.unit
        numbers = [base + i * step + unit * rest for i, rest in enumerate(self.rests())]
        if min(numbers) < -1 << 63 or max(numbers) >= 1 << 63:
            numbers = [(number + (1 << 63)) % (1 << 64) - (1 << 63) for number in numbers]
        return numbers


def values(data, at, count):
    """The numbers with a fraction, and where they end."""
    scale, exponent = data[at], data[at + 1]
    column = Column(data, at + 2, count)
    if scale == 0:
        return list(struct.unpack(f"<{count}d", struct.pack(f"<{count}q", *column.numbers()))), column.end
    factor = (TENTHS, TENS, HALVES)[scale - 1][exponent]
    numbers = column.numbers()
    return [number / factor for number in numbers] if scale == 2 else [number * factor for number in numbers], column.end


def skip_channel(data, at, count):
    """Where what follows a channel begins."""
    at = Column(data, at + 3, count).end
    for _ in range(INTEGER_COLUMNS):
        at = Column(data, at, count).end
    return at


def samples_of_block(data, index, count):
    """(time_ns, read_ns, value, status) of the channel with that index in the block."""
    times = Column(data, 0, count)
    reads = Column(data, times.end, count)
    at = reads.end
    for _ in range(index):
        at = skip_channel(data, at, count)
    numbers, at = values(data, at + 1, count)
    there = Column(data, at, count)
    at = there.end
    for _ in range(STATUS - 1):
        at = Column(data, at, count).end
    kept = (number if has == 1 else None for number, has in zip(numbers, there.numbers()))
    return zip(times.numbers(), reads.numbers(), kept, Column(data, at, count).numbers())


def of_channel(raw, channel, rows):
    """All samples of a channel, as they were stored; `rows` are those that stand in no block."""
    blocks = raw.select(f"channel, count, bytes FROM sample_blocks WHERE channel <= {channel} AND {channel} < channel + channels ORDER BY rowid")
    for first, count, data in blocks:
        try:
            yield from samples_of_block(data, channel - first, count)
        except (IndexError, TypeError, ValueError, struct.error) as error:
            raise Error(f"the recording is damaged: sample_blocks: no block of samples ({error})") from error
    yield from rows


def in_order(samples):
    last = None
    for time, *_ in samples:
        if last is not None and time < last:
            return False
        last = time
    return True


def all_samples(raw):
    """(time_ns, channel, read_ns, value, status) of all, in the order of time; at the same time in the order of channels."""
    rows = {}
    for channel, *sample in raw.select("channel, time_ns, read_ns, value, status FROM samples ORDER BY rowid"):
        rows.setdefault(channel, []).append(tuple(sample))

    def sorted_of(channel):
        own = rows.get(channel, ())
        samples = of_channel(raw, channel, own)
        if not in_order(of_channel(raw, channel, own)):
            samples = sorted(samples, key=lambda sample: sample[0])
        for time, *rest in samples:
            yield time, channel, *rest

    return heapq.merge(*map(sorted_of, range(len(raw.channels))), key=lambda sample: sample[:2])
