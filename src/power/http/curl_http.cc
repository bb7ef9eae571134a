// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/curl_http.h"

#include <curl/curl.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "os/library.h"

namespace pw {
namespace {

constexpr std::size_t kLongestHeader = 4096;
constexpr Seconds kConnectPatience{10};
constexpr std::uint64_t kNoAtexit = 0x00080000;  // OPENSSL_INIT_NO_ATEXIT

struct Curl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) get = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) error_text = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_all = nullptr;
  bool ready = false;
};

// A reading that hangs is left behind when perfwatt ends: OpenSSL must not free what that thread uses.
void keep_openssl(const Library& library) {
  using Init = int (*)(std::uint64_t, const void*);
  Init init = nullptr;
  if (library.find("OPENSSL_init_crypto", init)) init(kNoAtexit, nullptr);
}

const Curl& curl() {
  static const Curl loaded = [] {
    Curl found;
    const Result<Library> library = Library::open({"libcurl.so.4", "libcurl-gnutls.so.4"});
    if (!library) return found;
    keep_openssl(*library);
    found.ready =
        library->bind("curl_global_init", found.global_init, "curl_easy_init", found.init, "curl_easy_setopt",
                      found.set, "curl_easy_perform", found.perform, "curl_easy_getinfo", found.get,
                      "curl_easy_cleanup", found.cleanup, "curl_easy_strerror", found.error_text,
                      "curl_slist_append", found.append, "curl_slist_free_all", found.free_all) &&
        found.global_init(CURL_GLOBAL_ALL) == CURLE_OK;
    return found;
  }();
  return loaded;
}

struct FreeHandle {
  void operator()(CURL* handle) const { curl().cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl().free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeList>;

// Not inherited by the measured command.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// What a transfer is of.
struct Transfer {
  const HttpService& service;
  HttpAnswer answer = {};
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto& [service, answer] = *static_cast<Transfer*>(into);
  if (answer.body.size() + size * count > service.most_bytes) {
    answer.trouble = HttpAnswer::Trouble::too_large;
    return 0;
  }
  answer.body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* into) {
  auto& [service, answer] = *static_cast<Transfer*>(into);
  const std::string_view line(data, size * count);
  const auto value = [&](std::string_view name) -> std::string {
    const bool same = line.size() > name.size() && ::strncasecmp(line.data(), name.data(), name.size()) == 0;
    const std::string text(same ? trim(line.substr(name.size())) : "");
    return text.size() <= kLongestHeader && printable(text) == text ? text : "";
  };
  if (std::string token = value(service.token_header + ":"); !token.empty()) answer.token = std::move(token);
  if (std::string date = value("Date:"); !date.empty()) answer.date = std::move(date);
  if (std::string location = value("Location:"); !location.empty()) answer.location = std::move(location);
  return size * count;
}

HttpAnswer::Trouble trouble_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return HttpAnswer::Trouble::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return HttpAnswer::Trouble::certificate;
    default:
      return HttpAnswer::Trouble::lost;
  }
}

class CurlHttp : public HttpClient {
 public:
  explicit CurlHttp(HttpService service) : service_(std::move(service)), handle_(curl().init()) {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");  // a password is for that service alone
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_USERAGENT, "perfwatt/" PERFWATT_VERSION);
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_ERRORBUFFER, error_.data());
    if (service_.insecure || !service_.pin.empty()) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!service_.pin.empty()) set(CURLOPT_PINNEDPUBLICKEY, service_.pin.c_str());
    if (!service_.cacert.empty()) set(CURLOPT_CAINFO, service_.cacert.c_str());
  }

  HttpAnswer ask(const HttpRequest& request) override {
    Transfer transfer{service_};
    const Headers lines = headers(request);
    const std::string url = "https://" + service_.host + request.path;
    const long patience = static_cast<long>(request.patience.value * 1000);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_HTTPHEADER, lines.get());
    set(CURLOPT_CONNECTTIMEOUT_MS, std::min(patience, static_cast<long>(kConnectPatience.value * 1000)));
    set(CURLOPT_TIMEOUT_MS, patience);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set(CURLOPT_HTTPGET, 1L);
    const bool posts = !request.body.empty();
    if (posts) set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    if (posts) set(CURLOPT_COPYPOSTFIELDS, request.body.c_str());
    const std::string_view method = request.method;
    set(CURLOPT_CUSTOMREQUEST, method == "DELETE" || method == "PUT" ? request.method : nullptr);
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    set(CURLOPT_USERPWD, request.credentials.empty() ? nullptr : request.credentials.c_str());
    error_[0] = 0;
    conclude(transfer.answer, curl().perform(handle_.get()));
    return std::move(transfer.answer);
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    curl().set(handle_.get(), option, value);
  }

  Headers headers(const HttpRequest& request) const {
    curl_slist* list = nullptr;
    const auto add = [&](const std::string& line) {
      if (curl_slist* longer = curl().append(list, line.c_str())) list = longer;
    };
    add(std::string("Accept: ") + (request.accept ? request.accept : service_.media));
    if (*service_.dialect) add(service_.dialect);
    add("Expect:");
    if (!request.body.empty())
      add(std::string("Content-Type: ") + (request.content ? request.content : service_.media));
    if (!request.token.empty()) add(service_.token_header + ": " + request.token);
    return Headers(list);
  }

  void conclude(HttpAnswer& answer, CURLcode code) const {
    if (code == CURLE_OK) {
      curl().get(handle_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
      answer.what = "HTTP " + std::to_string(answer.status);
      return;
    }
    if (answer.trouble == HttpAnswer::Trouble::none) answer.trouble = trouble_of(code);
    answer.what = answer.trouble == HttpAnswer::Trouble::too_large
                      ? "an answer of more than " + std::to_string(service_.most_bytes >> 20) + " MiB"
                      : printable(error_[0] ? error_.data() : curl().error_text(code));
  }

  const HttpService service_;
  std::unique_ptr<CURL, FreeHandle> handle_;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace

Result<> libcurl_usable() {
  if (curl().ready) return {};
  return fail(Failure::not_possible, "libcurl is not installed", "https", "sudo apt-get install libcurl4");
}

Result<std::unique_ptr<HttpClient>> open_curl_http(const HttpService& service) {
  if (const Result<> usable = libcurl_usable(); !usable) return pass_on(usable);
  return std::make_unique<CurlHttp>(service);
}

}  // namespace pw
