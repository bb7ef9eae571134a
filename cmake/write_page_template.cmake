# Run by perfwatt_page_template().
set(why "")
set(page "${OUTPUT}.html")

# One build at a time: report-ui/node_modules is every build folder's. Where it is as it should be no network is needed.
function(install_packages)
  file(LOCK ${UI}/.npm-lock GUARD PROCESS RESULT_VARIABLE ignored TIMEOUT 600)
  execute_process(COMMAND ${NPM} ls --prefix ${UI} RESULT_VARIABLE missing OUTPUT_QUIET ERROR_QUIET TIMEOUT 60)
  if(missing EQUAL 0)
    return()
  endif()
  execute_process(COMMAND ${NPM} ci --prefix ${UI} --loglevel=error --fetch-retries=2 --fetch-retry-mintimeout=1000
                          --fetch-retry-maxtimeout=5000 RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE said TIMEOUT 300)
  if(NOT status EQUAL 0)
    set(why "npm ci failed in report-ui: ${said}" PARENT_SCOPE)
  endif()
endfunction()

if(NOT NODE OR NOT NPM)
  set(why "node and npm were not there (scripts/setup build)")
else()
  install_packages()
endif()
if(why STREQUAL "")
  execute_process(COMMAND ${NODE} ${UI}/build.mjs ${page} RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE said TIMEOUT 300)
  if(NOT status EQUAL 0)
    set(why "esbuild failed in report-ui: ${said}")
  endif()
endif()

set(html "")
if(why STREQUAL "")
  file(READ ${page} html)
else()
  string(REGEX REPLACE "[\r\n]+" " " why "${why}")
  string(SUBSTRING "${why}" 0 200 why)
  message("perfwatt report is off in this build: ${why}")
endif()
file(WRITE "${OUTPUT}" "#include \"report/page/page_template.h\"

namespace pw {
namespace {

constexpr char kHtml[] = R\"~page~(${html})~page~\";
constexpr char kWhyNone[] = R\"~page~(${why})~page~\";

}  // namespace

PageTemplate page_template() { return {{kHtml, sizeof kHtml - 1}, {kWhyNone, sizeof kWhyNone - 1}}; }

}  // namespace pw
")
if(why STREQUAL "")
  file(TOUCH ${STAMP})
endif()
