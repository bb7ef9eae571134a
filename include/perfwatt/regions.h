/* SPDX-License-Identifier: Apache-2.0
 * Marks the parts of a program that `perfwatt run` tells apart: docs/regions.md. Where the program does not
 * run under perfwatt, a mark is a test of one flag. Any thread may mark; what one thread marks nests by
 * itself. */
#ifndef PERFWATT_REGIONS_H
#define PERFWATT_REGIONS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A name that was looked up once. 0: none, as while nothing is measured. It holds as long as the program,
 * also in the children that it forks. */
typedef uint32_t perfwatt_region;

/* Not 0 while marks are kept. Read it; never write it. */
extern int perfwatt_marking_;

perfwatt_region perfwatt_region_named_(const char* name);
void perfwatt_region_begin_(const char* name);
void perfwatt_region_end_(const char* name);
void perfwatt_begin_(perfwatt_region region);
void perfwatt_end_(perfwatt_region region);
void perfwatt_items_(double count);
void perfwatt_work_(perfwatt_region region, double flops, double bytes, const char* how);

/* The threads that work for one. 0: none, as where regions do not count by teams. It holds as long as that
 * thread. */
typedef uint32_t perfwatt_team;
perfwatt_team perfwatt_team_here_(void);
void perfwatt_team_join_(perfwatt_team team);

#if defined(__GNUC__)
#define PERFWATT_MARKING_ __builtin_expect(perfwatt_marking_, 0)
#else
#define PERFWATT_MARKING_ perfwatt_marking_
#endif

/* From begin to end the calling thread is in the region `name`, within those that it is in already. What is
 * ended is the innermost region of that name. */
static inline void perfwatt_region_begin(const char* name) {
  if (PERFWATT_MARKING_) perfwatt_region_begin_(name);
}
static inline void perfwatt_region_end(const char* name) {
  if (PERFWATT_MARKING_) perfwatt_region_end_(name);
}

/* Adds units of work to the innermost region that the calling thread is in. */
static inline void perfwatt_items(double count) {
  if (PERFWATT_MARKING_) perfwatt_items_(count);
}

/* The same with the name looked up once, which is faster. */
static inline perfwatt_region perfwatt_region_named(const char* name) {
  return PERFWATT_MARKING_ ? perfwatt_region_named_(name) : 0;
}
static inline void perfwatt_begin(perfwatt_region region) {
  if (PERFWATT_MARKING_) perfwatt_begin_(region);
}
static inline void perfwatt_end(perfwatt_region region) {
  if (PERFWATT_MARKING_) perfwatt_end_(region);
}

/* What one begin and end of regions of that name does, where the program knows: floating-point operations,
 * bytes that it has to read and write (0: not known), and what computes it (NULL: not told). What is told
 * first holds. */
static inline void perfwatt_work(perfwatt_region region, double flops, double bytes, const char* how) {
  if (PERFWATT_MARKING_) perfwatt_work_(region, flops, bytes, how);
}

/* Under --region-scope team the regions of a thread count what those that work for it do: it hands its team
 * to them, and each joins it before it works for it (and stays in it until it joins another). OpenMP's do so
 * by themselves with --regions omp. */
static inline perfwatt_team perfwatt_team_here(void) { return PERFWATT_MARKING_ ? perfwatt_team_here_() : 0; }
static inline void perfwatt_team_join(perfwatt_team team) {
  if (PERFWATT_MARKING_ && team) perfwatt_team_join_(team);
}

#ifdef __cplusplus
}

#if __cplusplus >= 201103L
namespace perfwatt {

/* static const perfwatt::Name predict("predict"); */
class Name {
 public:
  explicit Name(const char* name) : region_(perfwatt_region_named(name)) {}
  perfwatt_region region() const { return region_; }

 private:
  perfwatt_region region_;
};

/* The region from here to the end of the block, also where an exception leaves it. */
class Region {
 public:
  explicit Region(const char* name) : Region(Name(name)) {}
  explicit Region(const Name& name) : region_(name.region()) { perfwatt_begin(region_); }
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
  ~Region() { perfwatt_end(region_); }

 private:
  perfwatt_region region_;
};

inline void items(double count) { perfwatt_items(count); }

}  // namespace perfwatt
#endif
#endif

#endif
