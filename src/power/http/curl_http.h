// SPDX-License-Identifier: GPL-3.0-or-later
// One kept HTTPS connection through libcurl, which is loaded when it is first used: linked, it and its 60
// libraries would make every start of perfwatt 10 ms slower.
#pragma once

#include <memory>

#include "base/result.h"
#include "power/http/http.h"

namespace pw {

// Errors (not_possible): libcurl is not installed.
Result<std::unique_ptr<HttpClient>> open_curl_http(const HttpService& service);

// Whether libcurl can be loaded.
Result<> libcurl_usable();

}  // namespace pw
