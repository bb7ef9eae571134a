// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "inference/ground/regular_file.h"

namespace pw::inference {

namespace {

struct Digest {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  std::string hex() const { return fmt::format("{:02x}", fmt::join(bytes, bytes + size, "")); }
};

}  // namespace

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  Digest digest;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.bytes, &digest.size, EVP_sha256(), nullptr) != 1)
    return "";
  return digest.hex();
}

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  const auto file = open_regular(path);
  if (!file) return pass_on(file);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<unsigned char> piece(std::size_t{256} << 10);
  while (const ssize_t got = ::read(file->fd(), piece.data(), piece.size())) {
    if (got < 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
    EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(got));
  }
  Digest digest;
  EVP_DigestFinal_ex(context.get(), digest.bytes, &digest.size);
  return digest.hex();
}

std::string sha256_hex(std::string_view bytes) {
  return sha256_hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

}  // namespace pw::inference
