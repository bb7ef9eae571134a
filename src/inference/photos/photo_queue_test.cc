// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/photo_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <stdexcept>

namespace pw::inference {
namespace {

const Decoding kDecodings[] = {{0, false}, {1, false}, {4, false}, {1, true}, {4, true}};

// Photos of three bytes, their number in each; every seventh is damaged.
void load_number(std::size_t photo, LoadedPhoto& into) {
  into.rgb.assign(3, static_cast<std::uint8_t>(photo));
  if (photo % 7 == 6) into.skipped = "damaged";
}

TEST(PhotoQueue, GivesEveryPhotoInOrderHoweverManyThreads) {
  for (const Decoding& decoding : kDecodings) {
    for (const std::size_t photos : {0U, 1U, 31U, 32U, 33U, 1000U}) {
      PhotoQueue queue(photos, decoding, load_number);
      for (std::size_t i = 0; i < photos; ++i) {
        const LoadedPhoto* photo = queue.next();
        ASSERT_TRUE(photo);
        EXPECT_EQ(photo->rgb, std::vector<std::uint8_t>(3, static_cast<std::uint8_t>(i)));
        EXPECT_EQ(photo->skipped, i % 7 == 6 ? "damaged" : "") << i;
      }
      EXPECT_FALSE(queue.next());
      EXPECT_FALSE(queue.next());
    }
  }
}

TEST(PhotoQueue, NeverHoldsMorePhotosThanItHasPlaces) {
  std::atomic<std::size_t> taken = 0, ahead = 0;
  for (const Decoding& decoding : kDecodings) {
    taken = 0;
    PhotoQueue queue(500, decoding, [&](std::size_t photo, LoadedPhoto&) {
      // `taken` may be behind by the one photo whose next() has not yet come back.
      if (photo > taken + PhotoQueue::kPlaces) ++ahead;
    });
    while (queue.next()) ++taken;
    EXPECT_EQ(taken, 500u);
  }
  EXPECT_EQ(ahead, 0u);
}

TEST(PhotoQueue, WhatIsThrownWhileLoadingSkipsThatPhotoAlone) {
  for (const Decoding& decoding : kDecodings) {
    PhotoQueue queue(3, decoding, [](std::size_t photo, LoadedPhoto&) {
      if (photo == 0) throw std::bad_alloc();
      if (photo == 1) throw std::runtime_error("a reason");
    });
    EXPECT_EQ(queue.next()->skipped, "not enough memory for it");
    EXPECT_EQ(queue.next()->skipped, "a reason");
    EXPECT_EQ(queue.next()->skipped, "");
  }
}

TEST(PhotoQueue, MayGoAtAnyTime) {
  for (const Decoding& decoding : kDecodings) {
    for (int taken = 0; taken < 40; taken += 13) {
      PhotoQueue queue(1000, decoding, load_number);
      for (int i = 0; i < taken; ++i) ASSERT_TRUE(queue.next());
    }
  }
}

// What runs between two calls of next() in the middle of a full queue is alone.
TEST(PhotoQueue, BetweenRunsNothingIsLoadedWhileAPhotoIsHeld) {
  std::atomic<std::size_t> loads = 0;
  PhotoQueue queue(100, {4, true}, [&](std::size_t, LoadedPhoto&) { ++loads; });
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(queue.next());
    const std::size_t full = (i / PhotoQueue::kPlaces + 1) * PhotoQueue::kPlaces;
    EXPECT_EQ(loads, std::min<std::size_t>(full, 100)) << i;
    std::this_thread::yield();
  }
}

TEST(DefaultDecoding, UsesTheCpusThatTheNetworkLeaves) {
  EXPECT_EQ(default_decoding(4, 3).threads, 1);
  EXPECT_EQ(default_decoding(4, 1).threads, 3);
  EXPECT_EQ(default_decoding(64, 8).threads, 4);
  EXPECT_FALSE(default_decoding(2, 1).between_runs);
  EXPECT_EQ(default_decoding(2, 2).threads, 2);
  EXPECT_TRUE(default_decoding(2, 2).between_runs);
  EXPECT_EQ(default_decoding(1, 8).threads, 1);
  EXPECT_TRUE(default_decoding(1, 8).between_runs);
}

}  // namespace
}  // namespace pw::inference
