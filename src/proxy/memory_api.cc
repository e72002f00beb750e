#include <fstream>

#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "proxy/status_api.h"

namespace headroom::proxy {

Reply memory_api() {
  std::int64_t size = 0, resident = 0;
  std::ifstream pages("/proc/self/statm");
  struct sysinfo machine{};
  if (!(pages >> size >> resident) || ::sysinfo(&machine) != 0) {
    return api_error(501, "not_implemented", "this system does not say what a process holds");
  }
  const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  const double whole = static_cast<double>(machine.totalram) * machine.mem_unit;
  base::JsonWriter json;
  json.begin_object().key("process_memory").begin_object();
  json.member("rss", resident * page).member("vms", size * page).member("unit", "bytes");
  json.member("percent", whole > 0 ? 100.0 * static_cast<double>(resident * page) / whole : 0.0).end_object();
  // Caches are bounded each by itself; none is measured.
  json.key("components").begin_object().end_object();
  json.member("total_tracked_mb", 0).member("target_budget_mb", 0).end_object();
  return {200, "application/json", std::move(json).take()};
}

}  // namespace headroom::proxy
