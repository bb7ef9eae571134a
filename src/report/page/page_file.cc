// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "report/page/page.h"

namespace pw {

Result<> write_page_file(const std::string& out, const PageInput& input, const std::string& option) {
  namespace fs = std::filesystem;
  const fs::path path(out);
  if (out != "-" && !path.has_filename())
    return fail(Failure::input, "names a folder, not a file", out, option + " FILE.html");
  const Document page{path.filename().string(), page_beginning(), [&](Output& to) { write_page(to, input); }};
  const fs::path folder = out == "-" ? path : path.has_parent_path() ? path.parent_path() : fs::path(".");
  const auto written = write_documents({page}, folder);
  if (written) return {};
  Error error = written.error();
  if (error.kind == Failure::input) error.hint = option + " names another file";
  return tl::unexpected(error);
}

}  // namespace pw
