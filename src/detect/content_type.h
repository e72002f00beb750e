#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headroom::detect {

enum class ContentType : std::uint8_t {
  kJson,
  kNdjson,
  kLog,
  kCode,
  kSearch,
  kDiff,
  kTable,
  kHtml,
  kXml,
  kConfig,
  kProse,
  kBinary,
  kOther
};

/// "json", "log" ...; also what --type takes.
std::string_view content_type_name(ContentType type);
/// The type of that name; kOther with `ok` false when there is none.
ContentType content_type_from_name(std::string_view name, bool& ok);

struct Detection {
  ContentType type = ContentType::kOther;
  double confidence = 0;  ///< 0..1
  std::string reason;     ///< for --explain: "parses as a JSON object with 3 members"
};

}  // namespace headroom::detect
