# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a trace of Perfetto's as its trace_processor does: clocks, interned texts, slices that nest, counters."""
import collections
import importlib.util
import pathlib
import subprocess

REALTIME, MONOTONIC = 1, 3
CLEARED, NEEDED = 1, 2
BEGIN, END, INSTANT, COUNTER = 1, 2, 3, 4

Slice = collections.namedtuple("Slice", "track name category begin end arguments")
Instant = collections.namedtuple("Instant", "track name category time arguments")


def load_schema(folder):
    """The messages of perfetto.proto, compiled to `folder`."""
    source = pathlib.Path(__file__).parent
    subprocess.run(["protoc", f"--proto_path={source}", f"--python_out={folder}", "perfetto.proto"], check=True, timeout=60)
    spec = importlib.util.spec_from_file_location("perfetto_pb2", folder / "perfetto_pb2.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unknown_fields(message):
    """The numbers of fields that the schema does not have, anywhere in it."""
    found = [field.field_number for field in message.UnknownFields()]
    for descriptor, value in message.ListFields():
        if descriptor.message_type:
            for each in value if descriptor.label == descriptor.LABEL_REPEATED else [value]:
                found += unknown_fields(each)
    return found


class Trace:
    """tracks: {uuid: descriptor}; slices, instants; counters: {uuid: [(ns, value)]}; times in ns on CLOCK_MONOTONIC."""

    def __init__(self, packets):
        self.tracks, self.slices, self.instants, self.counters = {}, [], [], collections.defaultdict(list)
        self.clocks, self.interned, self.open = {}, None, collections.defaultdict(list)
        self.default_clock = None
        for packet in packets:
            self.take(packet)
        assert not any(self.open.values()), "a slice has no end"

    def take(self, packet):
        assert packet.trusted_packet_sequence_id != 0
        if packet.sequence_flags & CLEARED:
            self.interned = collections.defaultdict(dict)
        if packet.HasField("trace_packet_defaults"):
            assert self.interned is not None
            self.default_clock = packet.trace_packet_defaults.timestamp_clock_id
        for field, entries in packet.interned_data.ListFields():
            for entry in entries:
                assert entry.iid != 0 and entry.iid not in self.interned[field.name]
                self.interned[field.name][entry.iid] = entry.name
        if packet.HasField("clock_snapshot"):
            assert packet.clock_snapshot.primary_trace_clock == MONOTONIC
            self.clocks = {clock.clock_id: clock.timestamp for clock in packet.clock_snapshot.clocks}
        if packet.HasField("track_descriptor"):
            descriptor = packet.track_descriptor
            assert descriptor.uuid not in self.tracks and (not descriptor.parent_uuid or descriptor.parent_uuid in self.tracks)
            self.tracks[descriptor.uuid] = descriptor
        if packet.HasField("track_event"):
            assert packet.sequence_flags & NEEDED and self.interned is not None, "not valid without what was sent before"
            assert self.clocks and (packet.timestamp_clock_id or self.default_clock) == MONOTONIC
            self.event(packet.timestamp, packet.track_event)

    def event(self, time, event):
        is_counter = self.tracks[event.track_uuid].HasField("counter")
        assert is_counter == (event.type == COUNTER)
        if event.type == COUNTER:
            value = event.counter_value if event.HasField("counter_value") else event.double_counter_value
            self.counters[event.track_uuid].append((time, value))
        elif event.type == END:
            begin, name, category, arguments = self.open[event.track_uuid].pop()
            assert begin <= time
            self.slices.append(Slice(self.name_of(event.track_uuid), name, category, begin, time, arguments))
        else:
            name = self.interned["event_names"][event.name_iid] if event.name_iid else event.name
            category = self.interned["event_categories"][event.category_iids[0]]
            arguments = {self.interned["debug_annotation_names"][one.name_iid]: one for one in event.debug_annotations}
            arguments = {key: getattr(one, one.ListFields()[-1][0].name) for key, one in arguments.items()}
            assert len(arguments) == len(event.debug_annotations) and event.type in (BEGIN, INSTANT)
            if event.type == BEGIN:
                self.open[event.track_uuid].append((time, name, category, arguments))
            else:
                self.instants.append(Instant(self.name_of(event.track_uuid), name, category, time, arguments))

    def name_of(self, uuid):
        return self.tracks[uuid].name

    def counter(self, group, name):
        """(descriptor, values) of the one counter track of that name below a track called `group`."""
        uuid, = (uuid for uuid, track in self.tracks.items()
                 if track.name == name and track.HasField("counter") and self.name_of(track.parent_uuid) == group)
        values = self.counters[uuid]
        assert values == sorted(values, key=lambda pair: pair[0])
        return self.tracks[uuid], values
