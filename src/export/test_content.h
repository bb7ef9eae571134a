// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "export/export.h"

namespace pw::test {

// A document whole.
inline std::string content_of(const Document& document) {
  std::string content;
  Output out([&](std::string_view text) -> Result<> {
    content += text;
    return {};
  });
  document.write(out);
  return out.end() ? content : "not written";
}

}  // namespace pw::test
