// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/jpeg.h"

#include <csetjmp>
#include <cstdio>

// jpeglib.h needs size_t and FILE.
#include <jerror.h>
#include <jpeglib.h>

#include "os/file.h"

namespace pw {
namespace {

constexpr int kMaxScans =
    500;  // a progressive file has about ten; thousands are an attack on the decoder's time

// A decompressor whose errors come back to the last setjmp(decoder.on_error).
struct Decoder {
  jpeg_decompress_struct cinfo{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf on_error{};
  char message[JMSG_LENGTH_MAX] = "";

  Decoder();
  ~Decoder() { jpeg_destroy_decompress(&cinfo); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
};

[[noreturn]] void leave(j_common_ptr cinfo) {
  auto* decoder = static_cast<Decoder*>(cinfo->client_data);
  cinfo->err->format_message(cinfo, decoder->message);
  std::longjmp(decoder->on_error, 1);
}

// Warnings are tolerated but for the end of the data, where libjpeg would go on with gray.
void take_message(j_common_ptr cinfo, int level) {
  if (level < 0 && cinfo->err->msg_code == JWRN_JPEG_EOF) leave(cinfo);
}

void print_nothing(j_common_ptr) {}

void limit_scans(j_common_ptr cinfo) {
  auto* decompress = reinterpret_cast<j_decompress_ptr>(cinfo);
  if (decompress->input_scan_number <= kMaxScans) return;
  auto* decoder = static_cast<Decoder*>(cinfo->client_data);
  std::snprintf(decoder->message, sizeof decoder->message, "more than %d scans", kMaxScans);
  std::longjmp(decoder->on_error, 1);
}

Decoder::Decoder() {
  cinfo.err = jpeg_std_error(&errors);
  cinfo.client_data = this;
  errors.error_exit = leave;
  errors.emit_message = take_message;
  errors.output_message = print_nothing;
  progress.progress_monitor = limit_scans;
}

// False, with decoder.message, where libjpeg refuses. No object with a destructor may live in the functions
// that call setjmp.
bool read_header(Decoder& decoder, std::string_view bytes) {
  if (setjmp(decoder.on_error)) return false;
  jpeg_create_decompress(&decoder.cinfo);
  decoder.cinfo.progress = &decoder.progress;
  jpeg_mem_src(&decoder.cinfo, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&decoder.cinfo, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&decoder.cinfo, TRUE);
  return true;
}

bool read_rows(Decoder& decoder, std::uint8_t* rows, std::size_t row_bytes) {
  if (setjmp(decoder.on_error)) return false;
  jpeg_decompress_struct& cinfo = decoder.cinfo;
  jpeg_start_decompress(&cinfo);
  while (cinfo.output_scanline < cinfo.output_height) {
    JSAMPROW row = rows + cinfo.output_scanline * row_bytes;
    jpeg_read_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_decompress(&cinfo);
  return true;
}

// An Exif segment too short for its TIFF header of 8 bytes.
bool exif_is_cut_short(const jpeg_decompress_struct& cinfo) {
  constexpr std::string_view exif("Exif\0\0", 6);
  for (const jpeg_marker_struct* marker = cinfo.marker_list; marker; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.starts_with(exif)) return data.size() < exif.size() + 8;
  }
  return false;
}

// a * b / 255, rounded as Pillow does.
unsigned scaled(unsigned a, unsigned b) {
  const unsigned product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

// Adobe's CMYK: every channel is stored inverted, so what is stored of K is the light that it lets through.
std::vector<std::uint8_t> rgb_of_inverted_cmyk(const std::vector<std::uint8_t>& cmyk) {
  std::vector<std::uint8_t> rgb(cmyk.size() / 4 * 3);
  for (std::size_t pixel = 0; pixel < cmyk.size() / 4; ++pixel) {
    const unsigned light = cmyk[pixel * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned ink = 255u - cmyk[pixel * 4 + c];
      rgb[pixel * 3 + c] = static_cast<std::uint8_t>(light - scaled(ink, light));
    }
  }
  return rgb;
}

// Why the photo is not decoded at all; "" where it is.
std::string refusal(const jpeg_decompress_struct& cinfo, std::size_t max_pixels) {
  const std::size_t pixels = std::size_t{cinfo.image_width} * cinfo.image_height;
  if (pixels > max_pixels)
    return "too large: " + std::to_string(cinfo.image_width) + " x " + std::to_string(cinfo.image_height);
  if (cinfo.num_components == 2 || cinfo.num_components > 4)
    return std::to_string(cinfo.num_components) + " colour components";
  if (exif_is_cut_short(cinfo)) return "the Exif header is cut short";
  return "";
}

}  // namespace

bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xff\xd8\xff"); }

Result<Photo> decode_jpeg(std::string_view bytes, const std::string& name, std::size_t max_pixels) {
  if (!is_jpeg(bytes)) return fail(Failure::input, "not a JPEG file", name);
  Decoder decoder;
  if (!read_header(decoder, bytes)) return fail(Failure::input, decoder.message, name);
  if (const std::string why = refusal(decoder.cinfo, max_pixels); !why.empty())
    return fail(Failure::input, why, name);

  const bool cmyk = decoder.cinfo.num_components == 4;
  decoder.cinfo.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  decoder.cinfo.dct_method = JDCT_ISLOW;
  decoder.cinfo.do_fancy_upsampling = TRUE;
  Photo photo{static_cast<int>(decoder.cinfo.image_width), static_cast<int>(decoder.cinfo.image_height), {}};
  const std::size_t row_bytes = std::size_t{decoder.cinfo.image_width} * (cmyk ? 4 : 3);
  photo.rgb.resize(row_bytes * decoder.cinfo.image_height);
  if (!read_rows(decoder, photo.rgb.data(), row_bytes)) return fail(Failure::input, decoder.message, name);
  if (cmyk) photo.rgb = rgb_of_inverted_cmyk(photo.rgb);
  return photo;
}

Result<Photo> read_photo(const std::filesystem::path& path) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes) return pass_on(bytes);
  return decode_jpeg(*bytes, path.string());
}

}  // namespace pw
