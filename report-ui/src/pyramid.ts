// SPDX-License-Identifier: GPL-3.0-or-later
// A line at every zoom: each level has pairs of the level below as their least, mean and most. Pairs begin at
// fixed places, so that no peak moves or changes its height while the view does.

export interface Points {
  time: Float64Array;
  mean: Float32Array;
  min: Float32Array;
  max: Float32Array;
}

function halved(fine: Points): Points {
  const count = Math.ceil(fine.time.length / 2);
  const coarse: Points = {
    time: new Float64Array(count),
    mean: new Float32Array(count),
    min: new Float32Array(count),
    max: new Float32Array(count),
  };
  for (let i = 0; i < count; ++i) {
    const a = 2 * i;
    const b = Math.min(a + 1, fine.time.length - 1);
    coarse.time[i] = (fine.time[a]! + fine.time[b]!) / 2;
    const one = Number.isNaN(fine.mean[a]!) ? b : a;
    const other = Number.isNaN(fine.mean[b]!) ? one : b;
    coarse.mean[i] = (fine.mean[one]! + fine.mean[other]!) / 2;
    coarse.min[i] = Math.min(fine.min[one]!, fine.min[other]!);
    coarse.max[i] = Math.max(fine.max[one]!, fine.max[other]!);
  }
  return coarse;
}

// The first index whose time is not below `time`.
export function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Pyramid {
  readonly levels: Points[];

  constructor(base: Points) {
    this.levels = [base];
  }

  private level(number: number): Points {
    while (this.levels.length <= number) this.levels.push(halved(this.levels[this.levels.length - 1]!));
    return this.levels[number]!;
  }

  // What [from, to] shows, with a point beyond each end: of the finest level with at most `most` points there.
  window(from: number, to: number, most: number): { level: number; points: Points } {
    const base = this.levels[0]!;
    const inside = lowerBound(base.time, to) - lowerBound(base.time, from);
    const number = Math.max(0, Math.ceil(Math.log2(Math.max(1, inside) / most)));
    const { time, mean, min, max } = this.level(number);
    const first = Math.max(0, lowerBound(time, from) - 1);
    const last = Math.min(time.length, lowerBound(time, to) + 1);
    return {
      level: number,
      points: {
        time: time.subarray(first, last),
        mean: mean.subarray(first, last),
        min: min.subarray(first, last),
        max: max.subarray(first, last),
      },
    };
  }
}
