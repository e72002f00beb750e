#include "compress/log/picks.h"

#include <algorithm>

namespace headroom::compress::log {

Picks::Picks(const Analysis& analysis)
    : analysis_(analysis), count_(static_cast<std::uint32_t>(analysis.document.lines.size())) {
  for (const Line& line : analysis.document.lines) total_ += line_cost(line);
  record_of_.assign(count_, 0);
  for (std::uint32_t r = 0; r < analysis.records.size(); ++r) {
    for (std::uint32_t i = analysis.records[r].first; i <= analysis.records[r].last; ++i) record_of_[i] = r;
  }
}

bool Picks::common(std::uint32_t i) const {
  return repeats(i) >= std::max<std::uint32_t>(8, count_ / 50);
}

void Picks::add(float priority, std::uint32_t first, std::uint32_t last, Reason reason) {
  picks_.push_back({priority, first, std::min(last, count_ - 1), reason});
}

void Picks::add_record(float priority, const Record& record, Reason reason, std::uint32_t most) {
  if (record.last - record.first < most) {
    add(priority, record.first, record.last, reason);
    return;
  }
  const std::uint32_t head = most * 2 / 3;
  add(priority, record.first, record.first + head, reason);
  std::uint32_t bad = 0;
  for (std::uint32_t i = record.first + head + 1; i + 2 < record.last && bad < 6; ++i) {
    if (line(i).level < Level::kError || common(i)) continue;
    ++bad;
    add(priority, i, i + 2, reason);
  }
  add(priority, record.last - 2, record.last, reason);
}

void Picks::add_with_siblings(float priority, std::uint32_t i, Reason reason) {
  add(priority, i, i, reason);
  const std::uint32_t indent = line(i).indent;
  if (indent == 0 || document().timed) return;
  std::uint32_t first = i;
  std::uint32_t last = i;
  const auto inside = [&](std::uint32_t k) { return !line(k).has(kBlank) && line(k).indent >= indent; };
  while (first > 0 && i - first < 10 && inside(first - 1)) --first;
  while (last + 1 < count_ && last - i < 10 && inside(last + 1)) ++last;
  if (last - first < 10) add(priority - 0.25f, first, last, Reason::kContext);
}

}  // namespace headroom::compress::log
