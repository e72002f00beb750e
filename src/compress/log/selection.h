#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/focus/dull_lines.h"
#include "compress/log/findings.h"
#include "compress/log/line.h"
#include "compress/log/query_terms.h"
#include "compress/log/records.h"
#include "compress/log/sections.h"
#include "compress/log/slots.h"
#include "compress/log/tables.h"
#include "compress/log/templates.h"

namespace headroom::compress::log {

/// Why a line stays; the order is that of importance.
enum class Reason : std::uint8_t {
  kDropped,
  kContext,
  kFiller,
  kRare,
  kMatch,
  kHeading,
  kSummary,
  kWarning,
  kEdge,
  kExtreme,
  kError,
  kAsked
};

std::string_view reason_name(Reason reason);

/// Everything that is known about a log before lines are chosen.
struct Analysis {
  const Document& document;
  const std::vector<Template>& templates;
  const std::vector<TemplateSlots>& slots;
  const std::vector<Record>& records;
  const std::vector<std::uint32_t>& parent;
  const std::vector<Table>& tables;
  const std::vector<Section>& sections;
  const std::vector<Finding>& findings;
  const QueryMatch& query;
  const focus::DullLines& dull;
};

/// Chooses the lines that stay: one Reason per line. `target_tokens` (0: adaptive) bounds what is kept beyond the lines
/// that must stay: first sight of each error, what the question names, the edges, verdicts.
std::vector<Reason> select_lines(const Analysis& analysis, std::size_t target_tokens, Profile profile);

}  // namespace headroom::compress::log
