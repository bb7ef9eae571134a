// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/jpeg.h"

#include <csetjmp>
#include <cstdio>

// jpeglib.h needs size_t and FILE.
#include <jerror.h>
#include <jpeglib.h>

#include "inference/ground/regular_file.h"

namespace pw::inference {

// A decompressor whose errors come back to the last setjmp(on_error).
struct Decompressor {
  jpeg_decompress_struct cinfo{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf on_error{};
  char message[JMSG_LENGTH_MAX] = "";
  bool end_may_lack = false;  // the end of the data is an error only where pixels are missing
  bool at_end = false;

  Decompressor();
  ~Decompressor() { jpeg_destroy_decompress(&cinfo); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
};

namespace {

constexpr int kMaxScans =
    64;  // a progressive file has about ten; hundreds are an attack on the decoder's time

[[noreturn]] void leave(j_common_ptr cinfo) {
  auto* decoder = static_cast<Decompressor*>(cinfo->client_data);
  cinfo->err->format_message(cinfo, decoder->message);
  std::longjmp(decoder->on_error, 1);
}

// Warnings are tolerated but for the end of the data before the last pixel, where libjpeg would go on with
// gray.
void take_message(j_common_ptr cinfo, int level) {
  if (level >= 0) return;
  auto* decoder = static_cast<Decompressor*>(cinfo->client_data);
  const int code = cinfo->err->msg_code;
  if (code == JWRN_JPEG_EOF) decoder->at_end = true;
  const bool pixels_missing = decoder->at_end && code == JWRN_HIT_MARKER;
  if (pixels_missing) cinfo->err->msg_code = JWRN_JPEG_EOF;
  if (pixels_missing || (code == JWRN_JPEG_EOF && !decoder->end_may_lack)) leave(cinfo);
}

void print_nothing(j_common_ptr) {}

void limit_scans(j_common_ptr cinfo) {
  auto* decompress = reinterpret_cast<j_decompress_ptr>(cinfo);
  if (decompress->input_scan_number <= kMaxScans) return;
  auto* decoder = static_cast<Decompressor*>(cinfo->client_data);
  std::snprintf(decoder->message, sizeof decoder->message, "more than %d scans", kMaxScans);
  std::longjmp(decoder->on_error, 1);
}

}  // namespace

Decompressor::Decompressor() {
  cinfo.err = jpeg_std_error(&errors);
  cinfo.client_data = this;
  errors.error_exit = leave;
  errors.emit_message = take_message;
  errors.output_message = print_nothing;
  progress.progress_monitor = limit_scans;
}

namespace {

// False, with decoder.message, where libjpeg refuses. No object with a destructor may live in the functions
// that call setjmp.
bool read_header(Decompressor& decoder, std::string_view bytes) {
  if (setjmp(decoder.on_error)) return false;
  jpeg_create_decompress(&decoder.cinfo);
  decoder.cinfo.progress = &decoder.progress;
  jpeg_mem_src(&decoder.cinfo, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&decoder.cinfo, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&decoder.cinfo, TRUE);
  return true;
}

bool start(Decompressor& decoder) {
  if (setjmp(decoder.on_error)) return false;
  // Of several scans the last may be missing; an arithmetic decoder does not tell that its data are out.
  decoder.end_may_lack = !jpeg_has_multiple_scans(&decoder.cinfo) && !decoder.cinfo.arith_code;
  jpeg_start_decompress(&decoder.cinfo);
  return true;
}

bool read_row(Decompressor& decoder, JSAMPROW row) {
  if (setjmp(decoder.on_error)) return false;
  jpeg_decompress_struct& cinfo = decoder.cinfo;
  jpeg_read_scanlines(&cinfo, &row, 1);
  if (cinfo.output_scanline == cinfo.output_height) jpeg_finish_decompress(&cinfo);
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
void rgb_of_inverted_cmyk(const std::vector<std::uint8_t>& cmyk, std::uint8_t* rgb) {
  for (std::size_t i = 0; i < cmyk.size(); i += 4) {
    const unsigned light = cmyk[i + 3];
    for (std::size_t c = 0; c < 3; ++c)
      *rgb++ = static_cast<std::uint8_t>(light - scaled(255u - cmyk[i + c], light));
  }
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

struct JpegRows::Decoder {
  std::string name;
  Decompressor libjpeg{};
  std::vector<std::uint8_t> cmyk{};  // a row; empty where libjpeg gives RGB
};

JpegRows::JpegRows(std::unique_ptr<Decoder> decoder) : decoder_(std::move(decoder)) {}
JpegRows::JpegRows(JpegRows&&) noexcept = default;
JpegRows& JpegRows::operator=(JpegRows&&) noexcept = default;
JpegRows::~JpegRows() = default;

int JpegRows::width() const { return static_cast<int>(decoder_->libjpeg.cinfo.image_width); }
int JpegRows::height() const { return static_cast<int>(decoder_->libjpeg.cinfo.image_height); }

Result<JpegRows> JpegRows::open(std::string_view bytes, const std::string& name, std::size_t max_pixels) {
  if (!is_jpeg(bytes)) return fail(Failure::input, "not a JPEG file", name);
  std::unique_ptr<Decoder> decoder(new Decoder{name});
  Decompressor& libjpeg = decoder->libjpeg;
  if (!read_header(libjpeg, bytes)) return fail(Failure::input, libjpeg.message, name);
  jpeg_decompress_struct& cinfo = libjpeg.cinfo;
  if (const std::string why = refusal(cinfo, max_pixels); !why.empty())
    return fail(Failure::input, why, name);

  const bool cmyk = cinfo.num_components == 4;
  cinfo.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  cinfo.dct_method = JDCT_ISLOW;
  cinfo.do_fancy_upsampling = TRUE;
  if (!start(libjpeg)) return fail(Failure::input, libjpeg.message, name);
  if (cmyk) decoder->cmyk.resize(std::size_t{cinfo.image_width} * 4);
  return JpegRows(std::move(decoder));
}

Result<> JpegRows::read(std::uint8_t* rgb) {
  std::vector<std::uint8_t>& cmyk = decoder_->cmyk;
  if (!read_row(decoder_->libjpeg, cmyk.empty() ? rgb : cmyk.data()))
    return fail(Failure::input, decoder_->libjpeg.message, decoder_->name);
  if (!cmyk.empty()) rgb_of_inverted_cmyk(cmyk, rgb);
  return {};
}

Result<Photo> decode_jpeg(std::string_view bytes, const std::string& name, std::size_t max_pixels) {
  Result<JpegRows> rows = JpegRows::open(bytes, name, max_pixels);
  if (!rows) return pass_on(rows);
  Photo photo{rows->width(), rows->height(), {}};
  const std::size_t row_bytes = static_cast<std::size_t>(photo.width) * 3;
  photo.rgb.resize(row_bytes * static_cast<std::size_t>(photo.height));
  for (std::size_t at = 0; at < photo.rgb.size(); at += row_bytes)
    if (const Result<> read = rows->read(&photo.rgb[at]); !read) return pass_on(read);
  return photo;
}

Result<Photo> read_photo(const std::filesystem::path& path) {
  const Result<std::string> bytes = read_regular(path, kMostPhotoBytes);
  if (!bytes) return pass_on(bytes);
  return decode_jpeg(*bytes, path.string());
}

}  // namespace pw::inference
