#include "context/router.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "compress/marker.h"
#include "context/edit_intent.h"
#include "detect/detect.h"
#include "detect/segments.h"

namespace headroom::context {
namespace {

using compress::Compressor;
using compress::Output;
using detect::ContentType;
using detect::Detection;

/// A part of fewer tokens is not worth a marker of its own.
constexpr std::size_t kFewestTokensOfPart = 150;

/// An output of at most so many percent of the text is good enough; else the next compressor may try as well.
constexpr std::size_t kGoodPercent = 60;

/// What became of one text that is of one kind.
struct Piece {
  std::string text;
  PartReport report;
  bool replaced = false;
  bool lossy = false;
};

class Router {
 public:
  Router(const compress::Registry& registry, const Task& task) : registry_(registry), task_(task) {}

  Decision run() {
    Decision decision;
    BlockReport& report = decision.report;
    report.tool_name = task_.query.tool_name;
    report.tokens_before = report.tokens_after = task_.tokens;
    if (compress::has_marker(task_.text)) {
      report.reason = "compressed already";
      return decision;
    }
    if (compress::has_gap_line(task_.text)) {
      report.reason = "holds lines that look like gap markers";
      return decision;
    }
    const std::string path = detect::shown_file(task_.query.tool_name, task_.query.call);
    const detect::Hints hints{task_.query.tool_name, task_.query.tool_arguments, path};
    const bool told = task_.forced != ContentType::kOther;
    report.detection = told ? Detection{task_.forced, 1.0, "as told"} : detect::detect(task_.text, hints);
    if (must_stay_exact(task_.query, report.detection.type)) {
      report.reason = "a file that may be edited next";
      return decision;
    }
    if (!told) {
      const std::vector<detect::Segment> segments = detect::split_segments(task_.text, hints);
      if (segments.size() > 1 && take_parts(segments, decision)) return decision;
      if (std::ranges::any_of(segments, &detect::Segment::fixed)) {
        report.reason = "nothing to gain beside what must stay";
        return decision;
      }
    }
    take_whole(compress_piece(task_.text, report.detection, task_.query, task_.tokens), decision);
    return decision;
  }

 private:
  /// The first compressor that makes the text smaller, among those for its kind and then those for second guesses.
  Piece compress_piece(std::string_view text, const Detection& detection, const compress::Query& query,
                       std::size_t tokens) const {
    Piece piece;
    piece.report.detection = detection;
    piece.report.tokens_before = piece.report.tokens_after = tokens;
    bool any = false;
    if (try_kind(text, detection, query, piece, any)) return piece;
    if (task_.forced == ContentType::kOther) {
      const std::string reason = piece.report.reason;
      for (const Detection& guess : detect::second_guesses(text, detection)) {
        if (try_kind(text, guess, query, piece, any)) return piece;
      }
      if (!reason.empty()) piece.report.reason = reason;
    }
    if (!any) piece.report.reason = fmt::format("no compressor for {}", detect::content_type_name(detection.type));
    return piece;
  }

  bool try_kind(std::string_view text, const Detection& detection, const compress::Query& query, Piece& piece,
                bool& any) const {
    for (const Compressor* compressor : registry_.find_all(detection.type)) {
      any = true;
      if (task_.deadline.expired()) {
        piece.report.reason = "time budget spent";
        return false;
      }
      take(*compressor, text, detection, query, piece);
      if (piece.report.tokens_after * 100 <= piece.report.tokens_before * kGoodPercent) break;
    }
    return piece.replaced;
  }

  /// Takes the compressor's output when it is the smallest so far.
  void take(const Compressor& compressor, std::string_view text, const Detection& detection,
            const compress::Query& query, Piece& piece) const {
    const std::string id = task_.effort.lossless ? std::string{} : base::content_id(text);
    auto output = compressor.compress(
        {text, detection.type, query, task_.tokenizer, id, target_for(piece), task_.effort.profile, task_.deadline});
    PartReport& report = piece.report;
    if (!output) {
      if (!piece.replaced && report.reason.empty()) {
        report.reason = task_.deadline.expired() ? "time budget spent" : "nothing to gain";
      }
      return;
    }
    const std::size_t after = task_.tokenizer.count(output->text);
    if (piece.replaced && after >= report.tokens_after) return;
    if (after >= report.tokens_before) {
      report.reason = fmt::format("not smaller ({} tokens)", after);
      report.notes = std::move(output->notes);
      return;
    }
    report.detection = detection;
    report.strategy = std::move(output->strategy);
    report.reason.clear();
    report.tokens_after = after;
    report.records_before = output->records_before;
    report.records_kept = output->records_kept;
    report.notes = std::move(output->notes);
    report.id = output->lossy ? id : std::string();
    piece.replaced = true;
    piece.lossy = output->lossy;
    piece.text = std::move(output->text);
  }

  /// A part's share of what the block is to be.
  std::size_t target_for(const Piece& piece) const {
    if (task_.effort.target_tokens == 0 || task_.tokens == 0) return task_.effort.target_tokens;
    const std::size_t part = std::min(piece.report.tokens_before, task_.tokens);
    return std::max<std::size_t>(1, task_.effort.target_tokens * part / task_.tokens);
  }

  void take_whole(Piece piece, Decision& decision) const {
    BlockReport& report = decision.report;
    PartReport& part = piece.report;
    report.notes = std::move(part.notes);
    report.reason = std::move(part.reason);
    if (!piece.replaced) return;
    decision.replaced = true;
    decision.text = std::move(piece.text);
    report.detection = std::move(part.detection);
    report.strategy = std::move(part.strategy);
    report.tokens_after = part.tokens_after;
    report.records_before = part.records_before;
    report.records_kept = part.records_kept;
    if (!piece.lossy) return;
    report.ids.push_back(part.id);
    decision.originals.push_back({part.id, 0, task_.text.size(), report.detection.type, task_.tokens});
  }

  /// True when the block is smaller with its parts compressed each by itself.
  bool take_parts(const std::vector<detect::Segment>& segments, Decision& decision) const {
    std::string out;
    std::vector<PartReport> parts;
    std::vector<KeptOriginal> originals;
    std::size_t line = 1;
    bool replaced = false;
    for (const detect::Segment& segment : segments) {
      const std::string_view text = task_.text.substr(segment.begin, segment.size);
      Piece piece = compress_segment(segment, text);
      PartReport& part = piece.report;
      part.path = segment.path;
      const auto breaks = static_cast<std::size_t>(std::ranges::count(text, '\n'));
      part.first_line = line;
      part.last_line = line + breaks - (text.ends_with('\n') ? 1 : 0);
      line += breaks;
      replaced = replaced || piece.replaced;
      if (piece.replaced) {
        if (piece.lossy)
          originals.push_back({part.id, segment.begin, segment.size, part.detection.type, part.tokens_before});
        out += piece.text;
        // What follows begins on a line of its own, as it did.
        if (text.ends_with('\n') && !piece.text.ends_with('\n')) out += '\n';
      } else {
        out += text;
      }
      parts.push_back(std::move(part));
    }
    if (!replaced) return false;
    const std::size_t after = task_.tokenizer.count(out);
    if (after >= task_.tokens) return false;
    decision.replaced = true;
    decision.text = std::move(out);
    decision.originals = std::move(originals);
    report_parts(std::move(parts), after, decision);
    return true;
  }

  Piece compress_segment(const detect::Segment& segment, std::string_view text) const {
    Piece piece;
    piece.report.detection = segment.detection;
    if (segment.fixed || text.size() < detect::kSmallestPart) {
      piece.report.reason = segment.fixed ? segment.detection.reason : "small";
      return piece;
    }
    const std::size_t tokens = task_.tokenizer.count(text);
    piece.report.tokens_before = piece.report.tokens_after = tokens;
    if (tokens < kFewestTokensOfPart) {
      piece.report.reason = fmt::format("under {} tokens", kFewestTokensOfPart);
      return piece;
    }
    if (segment.path.empty()) return compress_piece(text, segment.detection, task_.query, tokens);
    compress::Query query = task_.query;
    query.call.path = segment.path;
    return compress_piece(text, segment.detection, query, tokens);
  }

  static void report_parts(std::vector<PartReport> parts, std::size_t after, Decision& decision) {
    BlockReport& report = decision.report;
    report.tokens_after = after;
    for (const PartReport& part : parts) {
      report.records_before += part.records_before;
      report.records_kept += part.records_kept;
      if (!part.id.empty() && std::ranges::find(report.ids, part.id) == report.ids.end()) report.ids.push_back(part.id);
      if (part.strategy.empty()) continue;
      if (("," + report.strategy + ",").find("," + part.strategy + ",") == std::string::npos) {
        report.strategy += (report.strategy.empty() ? "" : ",") + part.strategy;
      }
    }
    report.parts = std::move(parts);
  }

  const compress::Registry& registry_;
  const Task& task_;
};

}  // namespace

Decision route(const compress::Registry& registry, const Task& task) {
  return Router(registry, task).run();
}

}  // namespace headroom::context
