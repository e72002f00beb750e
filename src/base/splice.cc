#include "base/splice.h"

#include <algorithm>
#include <vector>

namespace headroom::base {

Result<std::string> splice(std::string_view body, std::span<const Edit> edits) {
  std::vector<const Edit*> order;
  order.reserve(edits.size());
  std::size_t size = body.size();
  for (const Edit& edit : edits) {
    if (edit.span.begin > edit.span.end || edit.span.end > body.size()) {
      return fail(ErrorCode::kInvalidArgument, "edit lies outside the body");
    }
    size = size - edit.span.size() + edit.replacement.size() + edit.kept.size();
    order.push_back(&edit);
  }
  std::ranges::sort(order, {}, [](const Edit* edit) { return std::pair(edit->span.begin, edit->span.end); });
  std::string out;
  out.reserve(size);
  std::size_t at = 0;
  for (const Edit* edit : order) {
    if (edit->span.begin < at) return fail(ErrorCode::kInvalidArgument, "edits overlap");
    out.append(body.substr(at, edit->span.begin - at));
    out.append(edit->kept.empty() ? std::string_view(edit->replacement) : edit->kept);
    at = edit->span.end;
  }
  out.append(body.substr(at));
  return out;
}

}  // namespace headroom::base
