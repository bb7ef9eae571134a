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

inline std::string photo_of(unsigned char red, unsigned char green, unsigned char blue, int size = 16) {
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
