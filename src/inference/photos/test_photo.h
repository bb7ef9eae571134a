// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests: photos of one colour, in memory.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

// jpeglib.h needs size_t and FILE.
#include <jpeglib.h>

namespace pw::inference::test {

// The script of a progressive file: the first coefficient of all components, then one of one, bit by bit.
inline std::vector<jpeg_scan_info> scans_of(std::size_t count) {
  constexpr int kFirstBit = 2;
  std::vector<jpeg_scan_info> scans;
  if (count > 0) scans.push_back({3, {0, 1, 2, 0}, 0, 0, 0, 0});
  for (int bit = kFirstBit; bit >= 0; --bit)
    for (int at = 1; at < 64; ++at)
      for (int component = 0; component < 3 && scans.size() < count; ++component)
        scans.push_back({1, {component, 0, 0, 0}, at, at, bit < kFirstBit ? bit + 1 : 0, bit});
  return scans;
}

// Progressive where there are `scans`.
inline std::string photo_of(unsigned char red, unsigned char green, unsigned char blue, int size = 16,
                            std::size_t scan_count = 0) {
  jpeg_compress_struct cinfo{};
  jpeg_error_mgr errors{};
  cinfo.err = jpeg_std_error(&errors);
  jpeg_create_compress(&cinfo);
  unsigned char* bytes = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&cinfo, &bytes, &count);
  cinfo.image_width = cinfo.image_height = static_cast<JDIMENSION>(size);
  cinfo.input_components = 3;
  cinfo.in_color_space = JCS_RGB;
  jpeg_set_defaults(&cinfo);
  jpeg_set_quality(&cinfo, 100, TRUE);
  const std::vector<jpeg_scan_info> scans = scans_of(scan_count);
  if (!scans.empty()) cinfo.scan_info = scans.data();
  cinfo.num_scans = static_cast<int>(scans.size());
  jpeg_start_compress(&cinfo, TRUE);
  std::vector<unsigned char> row;
  for (int i = 0; i < size; ++i) row.insert(row.end(), {red, green, blue});
  for (JSAMPROW rows[] = {row.data()}; cinfo.next_scanline < cinfo.image_height;)
    jpeg_write_scanlines(&cinfo, rows, 1);
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  std::string file(reinterpret_cast<char*>(bytes), count);
  std::free(bytes);
  return file;
}

}  // namespace pw::inference::test
