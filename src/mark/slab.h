// SPDX-License-Identifier: Apache-2.0
// The slab: a sealed memory file that the recorder makes for one execution, and that the processes of the
// command map and write. Records are found by their offsets from its begin; 0 is none. Each is whole before
// anything leads to it, each has one writer, and none is taken back, so that it can be read whatever became
// of its writers. Also C++.
#pragma once

#include <stdint.h>

// PERFWATT_REGIONS=FD:STAMP:PID:OWN, decimal numbers but for the stamp, which has 16 hexadecimal digits.
// Where FD was closed, as many do before they call exec, it is the recorder's: descriptor OWN of process PID.
#define PW_SLAB_VARIABLE "PERFWATT_REGIONS"
#define PW_SLAB_NAME "perfwatt-regions"
#define PW_SLAB_MAGIC UINT64_C(0x736e6f6967657270)  // "pregions"
#define PW_SLAB_VERSION 2u
#define PW_SLAB_BYTES (UINT32_C(64) << 20)  // of which only what is written takes memory
#define PW_SLAB_UNIT 64u                    // records begin at multiples of it
#define PW_LONGEST_NAME 1023u               // bytes; what is longer is cut
#define PW_LONGEST_HOW 255u                 // bytes, of what computes a region
#define PW_DEEPEST 128u                     // regions within each other, of a thread
#define PW_LEVELS 13u                       // of a pw_table
#define PW_OWN_RECORDS \
  256u  // threads of a process that each have a record; later ones take over those of threads that ended
#define PW_MOST_COPIES 64u                // of the library, in one process
#define PW_FEW_LOGGED 8u                  // occurrences of a node kept in its first log
#define PW_MOST_LOGGED 64u                // and in both; of more, so many are drawn by chance
#define PW_LOG_BYTES (PW_SLAB_BYTES / 2)  // that the logs of threads take at most
#define PW_FIRST_PIECE 1024u              // bytes of such a log; each next piece has twice as many, up to
#define PW_LARGEST_PIECE 65536u
#define PW_MOST_GROUPS 8u   // of counters that a mark reads
#define PW_MOST_EVENTS 32u  // in all of them together

// Level k has 64 << k slots. A key has its place in one level, or within the few slots behind it; else in the
// next.
struct pw_table {
  uint32_t level[PW_LEVELS];
};

// A slot is hash << 32 | offset.
#define PW_FIRST_SLOTS 64u
#define PW_PROBES 16u

struct pw_head {
  uint64_t magic;
  uint32_t version;
  uint32_t bytes;  // of the slab
  uint64_t stamp;
  uint32_t node_bytes, frame_bytes, events;  // sizes of the records; events: that marks count
  uint32_t refused;                          // processes whose library is of another version
  uint64_t used;                             // where the next record begins; beyond `bytes`: it is full
  uint32_t processes;                        // the last one
  uint32_t names;
  struct pw_table name_table;
  uint32_t counting;  // a pw_counting; 0: marks count nothing
  uint64_t no_room;   // marks that were lost because of it, where no thread could keep that
  uint64_t logs;      // bytes of the threads' logs
  uint64_t inside;    // of PW_SCOPE_PROCESS: threads within regions * PW_ONE_INSIDE + how often one came in
};
#define PW_ONE_INSIDE (UINT64_C(1) << 48)

enum pw_scope {
  PW_SCOPE_NONE,
  PW_SCOPE_PROCESS,  // counters of the command and all that it starts, which every mark reads
  PW_SCOPE_THREAD,   // of the thread that marks, which asks for them at its first mark
  PW_SCOPE_TEAM      // likewise, and those of the threads that work for it, which it reads as well
};

// What is counted. The recorder writes it before the command starts.
struct pw_counting {
  uint32_t scope, groups, events;  // events: of all groups
  int32_t ask;                     // PW_SCOPE_THREAD, PW_SCOPE_TEAM: the socket to ask at
  struct {
    int32_t fd;  // PW_SCOPE_PROCESS: its leader, in the command
    uint32_t events;
  } group[PW_MOST_GROUPS];
};

// What a thread asks at that socket (SOCK_SEQPACKET), with a socket for the answer; the answer comes with the
// descriptors of the leaders (SCM_RIGHTS both), or with the errno of why not.
struct pw_ask {
  uint64_t stamp;
  int32_t tid;
  uint32_t reserved;
};
struct pw_answer {
  int32_t error;
  uint32_t reserved;
};

// Words that are read of all groups, one after the other: time enabled, time running, and each event's count.
#define PW_COUNT_WORDS(groups, events) (2 * (groups) + (events))

enum pw_uncounted {
  PW_COUNTED,
  PW_UNCOUNTED_CLOSED,   // there are no counters at its descriptors
  PW_UNCOUNTED_READ,     // a read failed: the descriptor was closed, or is another file
  PW_UNCOUNTED_ROOM,     // the slab had none
  PW_UNCOUNTED_FILTER,   // a seccomp filter came: nothing is asked any more
  PW_UNCOUNTED_SOCKET,   // it could not ask: the errno
  PW_UNCOUNTED_SILENT,   // perfwatt did not answer
  PW_UNCOUNTED_REFUSED,  // perfwatt could not open them: the errno
  PW_UNCOUNTED_TEAM      // PW_SCOPE_TEAM: of some thread that works for it they could not be read
};

struct pw_name {
  uint32_t next;
  uint32_t length;       // of the text behind this, without a 0
  uint64_t full_length;  // before it was cut
  uint32_t ordinal;      // among siblings of that name, from 1
  uint32_t work;         // a pw_work; 0: none was told
};

// What a begin and end of regions of a name does; 0: not known. Behind it stands what computes it.
struct pw_work {
  double flops, bytes;
  uint32_t length;  // of that text
  uint32_t reserved;
};

struct pw_process {
  uint32_t next;
  uint32_t threads;  // the last one
  int32_t pid;
  uint32_t records;    // threads with a record of their own
  uint64_t begin_ns;   // CLOCK_MONOTONIC, when it began to mark
  uint64_t free;       // records whose threads ended: a count of changes << 32 | offset
  uint32_t uncounted;  // pw_uncounted: why marks of it are not counted, the first time
  int32_t error;       // its errno, where it has one
};

enum pw_lost {
  PW_LOST_ROOM,    // begins for which the slab had none
  PW_LOST_DEPTH,   // begins deeper than PW_DEEPEST
  PW_LOST_SIGNAL,  // marks of a signal handler that came while its thread was making one
  PW_LOST_END,     // ends of a region that the thread was not in
  PW_LOST_ORDER,   // ends of a region within which another was not ended
  PW_LOST_ITEMS,   // items outside of any region
  PW_LOST_OPEN,    // regions that were not ended when their thread did
  PW_LOST_KINDS
};

struct pw_frame {
  uint32_t node;  // 0: there was no room for it
  uint32_t name;
  uint64_t begin_ns;   // 0: it began before the fork that made this process, which does not count it
  uint64_t within_ns;  // in the regions within
  uint64_t counts;     // pw_frame_counts; 0: none so far
};

struct pw_thread {
  uint32_t next;
  uint32_t process;
  int32_t tid;
  uint32_t threads;  // that had this record, one after the other
  char name[16];     // of the first
  uint32_t nodes;    // the last one
  uint32_t node_count;
  uint32_t depth;  // of frames
  uint32_t too_deep;
  uint64_t lost[PW_LOST_KINDS];
  uint32_t end_named, end_within;      // of the first PW_LOST_END: the names
  uint32_t order_named, order_within;  // of the first PW_LOST_ORDER
  uint32_t open_named;                 // the innermost of the first thread with PW_LOST_OPEN
  uint32_t next_free;
  struct pw_table node_table;
  uint32_t log;          // its last pw_piece
  uint64_t unlogged_ns;  // when the first occurrence ended that is not in there; 0: all are
  struct pw_frame frames[PW_DEEPEST];
};

// A path of one thread.
struct pw_node {
  uint32_t next;
  uint32_t parent;  // a node of the same thread
  uint32_t name;
  uint32_t last_name, last_child;  // where the last region within was found
  uint32_t few, more;              // the logs: PW_FEW_LOGGED occurrences, and the others
  uint32_t logged;                 // occurrences in both
  uint64_t calls;
  double items;
  uint64_t total_ns, own_ns;
  uint32_t counts;  // pw_counts; 0: nothing was counted
  uint32_t reserved[15];
};

// Behind it stand PW_COUNT_WORDS for all of it, and as many for what was outside of the regions within.
struct pw_counts {
  uint64_t counted;  // calls of which they are
  // Of those, PW_SCOPE_PROCESS: calls beside regions of other threads or processes. PW_SCOPE_TEAM: of a
  // thread that worked for another one, whose regions count them, too.
  uint64_t overlapped;
};

// Behind it stand PW_COUNT_WORDS at its begin, and as many of the regions that ended within it.
struct pw_frame_counts {
  uint64_t inside;  // pw_head's, at its begin
  uint64_t valid;   // the others are of this occurrence
};

struct pw_occurrence {
  uint64_t begin_ns, end_ns;
};

// Of the log of a thread, in the order of the ends. Behind it stand pw_entry's.
struct pw_piece {
  uint32_t next;
  uint32_t bytes;
  uint32_t count;
  uint32_t reserved;
};
#define PW_ENTRIES_OF(piece_bytes) \
  ((uint32_t)(((piece_bytes) - sizeof(struct pw_piece)) / sizeof(struct pw_entry)))

struct pw_entry {
  struct pw_occurrence occurrence;
  uint32_t node;
  uint32_t reserved;
};
