#include "context/router.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "compress/marker.h"
#include "compress/text/clean.h"
#include "compress/text/common_head.h"
#include "compress/text/line_times.h"
#include "compress/text/page_marks.h"
#include "compress/text/prefix_fold.h"
#include "context/edit_intent.h"
#include "context/inner_texts.h"
#include "detect/detect.h"
#include "detect/gutter.h"
#include "detect/page_shape.h"
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
constexpr std::size_t kGoodPercent = 25;

/// ... of source code, which has few repeats that whoever reads any text could write once.
constexpr std::size_t kGoodPercentOfCode = 60;

/// ... of JSON, whose rows may hold long texts.
constexpr std::size_t kGoodPercentOfTexts = 40;

/// An output that is surer to hold what matters counts up to so many percent of the other's size.
constexpr std::size_t kSurerPercent = 102;

/// What leaves something out must save more than this: the reader may have to ask for it, and what is read again later
/// finds less of it in plain sight.
constexpr std::size_t kHardlySmallerPercent = 95;

/// Cleaning alone is worth a marker when at most so many percent of the text are left.
constexpr std::size_t kWorthCleaningPercent = 93;

/// What became of one text that is of one kind.
struct Piece {
  std::string text;
  PartReport report;
  bool replaced = false;
  bool lossy = false;
  const GentleTool::Step* gentle = nullptr;  ///< the gentlest of the compressors that were asked
};

/// What each gap of an output says, for people: "120-480: 398 INFO".
std::vector<std::string> told_by_gaps(std::string_view output) {
  static constexpr std::size_t kMost = 200;
  std::vector<std::string> told;
  for (const compress::Gap& gap : compress::find_gaps(output)) {
    if (told.size() == kMost) break;
    told.emplace_back(output.substr(gap.at + 2, gap.length - 4));
  }
  return told;
}

std::string gentle_note(const GentleTool::Step& step) {
  return fmt::format("{} for this tool: {}",
                     step.step == Gentleness::kLossless ? "nothing left out" : "less left out than usual", step.why);
}

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
    // Colours hide what lines begin with.
    const bool coloured = task_.text.find('\x1B') != std::string_view::npos;
    const compress::text::Cleaned cleaned = coloured ? compress::text::clean(task_.text) : compress::text::Cleaned{};
    const std::string_view shown = cleaned.changed() ? std::string_view(cleaned.text) : task_.text;
    const Detection by_structure = told ? Detection{task_.forced, 1.0, "as told"} : detect::detect(shown, hints);
    report.detection =
        told ? by_structure
             : detect::with_second_opinion(by_structure, shown, task_.deadline.expired() ? nullptr : task_.classifier);
    if (stays_exact(shown, report.detection.type)) {
      if (!told && take_settings(decision)) return decision;
      report.reason = "a file that may be edited next";
      return decision;
    }
    if (!told) {
      std::vector<detect::Segment> segments = detect::split_segments(shown, hints, &by_structure);
      if (cleaned.changed()) move_segments(shown, segments);
      const bool fixed = std::ranges::any_of(segments, &detect::Segment::fixed);
      if (segments.size() > 1 && shows_edited_files(segments)) {
        report.reason = "files that may be edited next";
        return decision;
      }
      if (segments.size() > 1 && take_parts(segments, decision)) {
        if (!fixed && report.detection.type == ContentType::kProse && !holds_other_things(segments)) {
          prefer_whole(decision);
        }
        return decision;
      }
      if (fixed) {
        report.reason = "nothing to gain beside what must stay";
        return decision;
      }
    }
    take_whole(compress_piece(task_.text, report.detection, task_.query, task_.tokens), decision);
    if (report.detection.type == ContentType::kJson) shorten_inner_texts(decision);
    return decision;
  }

 private:
  /// Where rows and members gave little, the long texts in JSON go each its own way, and then the JSON around them.
  void shorten_inner_texts(Decision& decision) const {
    if (task_.effort.lossless || task_.deadline.expired()) return;
    if (decision.report.tokens_after * 100 <= task_.tokens * kGoodPercentOfTexts) return;
    const std::vector<InnerText> inner = find_inner_texts(task_.text);
    if (inner.empty()) return;
    std::vector<std::string> texts;
    std::vector<KeptOriginal> originals;
    std::string strategy;
    for (const InnerText& one : inner) texts.push_back(shorter_inner_text(one, originals, strategy));
    if (strategy.empty()) return;
    const std::string json = with_inner_texts(task_.text, inner, texts);
    // Rows go where they went before; what is left out of these is of the whole text.
    const bool rows = !decision.originals.empty();
    const std::string id = rows ? base::content_id(task_.text) : std::string();
    Piece piece;
    piece.report.tokens_before = piece.report.tokens_after = task_.tokenizer.count(json);
    try_kinds({json, id}, decision.report.detection, task_.query, piece);
    if (!piece.replaced) piece.text = json;
    if (piece.report.tokens_after * 100 > decision.report.tokens_after * kHardlySmallerPercent) return;
    if (piece.lossy) originals.push_back({id, 0, task_.text.size(), ContentType::kJson, task_.tokens});
    std::erase_if(originals, [&](const KeptOriginal& kept) { return piece.text.find(kept.id) == std::string::npos; });
    BlockReport& report = decision.report;
    report.strategy = (piece.replaced ? piece.report.strategy + "," : std::string()) + strategy;
    report.reason.clear();
    report.tokens_after = piece.report.tokens_after;
    report.records_before = piece.report.records_before;
    report.records_kept = piece.report.records_kept;
    report.notes.push_back(fmt::format("{} long texts in the JSON each by itself", inner.size()));
    report.removed = told_by_gaps(piece.text);
    report.ids.clear();
    for (const KeptOriginal& kept : originals) report.ids.push_back(kept.id);
    decision.originals = std::move(originals);
    decision.text = std::move(piece.text);
    decision.replaced = true;
  }

  /// The text as it is shown inside the JSON, and what is left out of it.
  std::string shorter_inner_text(const InnerText& one, std::vector<KeptOriginal>& originals,
                                 std::string& strategy) const {
    Task task = task_;
    task.text = one.text;
    task.tokens = task_.tokenizer.count(one.text);
    task.forced = ContentType::kOther;
    if (task_.effort.target_tokens > 0 && task_.tokens > 0) {
      task.effort.target_tokens = std::max<std::size_t>(1, task_.effort.target_tokens * task.tokens / task_.tokens);
    }
    Decision decision = Router(registry_, task).run();
    // What is only written otherwise could not be told from the rest of the JSON.
    if (!decision.replaced || decision.originals.empty()) return one.text;
    for (KeptOriginal& kept : decision.originals) {
      if (kept.in_string.size() > 0) return one.text;
      kept.in_string = one.literal;
      originals.push_back(std::move(kept));
    }
    if (("," + strategy + ",").find("," + decision.report.strategy + ",") == std::string::npos) {
      strategy += (strategy.empty() ? "" : ",") + decision.report.strategy;
    }
    return std::move(decision.text);
  }

  bool stays_exact(std::string_view shown, ContentType type) const {
    const bool json = type == ContentType::kJson || type == ContentType::kNdjson;
    const auto numbered = json ? detect::read_numbered(shown) : std::nullopt;
    if (must_stay_exact(task_.query, type, numbered ? std::string_view(numbered->text) : shown)) return true;
    // Viewers of many names show files with their numbers.
    return type == ContentType::kCode && must_stay_exact(task_.query, type, shown, true) &&
           (detect::read_numbered(shown) || !detect::numbered_runs(shown).empty());
  }

  /// Most of the text is source under the paths of its files, and the user asks for a change.
  bool shows_edited_files(const std::vector<detect::Segment>& segments) const {
    std::size_t files = 0;
    for (const detect::Segment& segment : segments) {
      if (segment.detection.type == ContentType::kCode && !segment.path.empty()) files += segment.size;
    }
    return files * 2 > task_.text.size() && must_stay_exact(task_.query, ContentType::kCode, task_.text, true);
  }

  /// Of long settings in JSON that are only asked about, the lines that the question names, as of settings in any other
  /// form: what stays can be quoted, which a table of them could not. False: they stay as they are.
  bool take_settings(Decision& decision) const {
    static constexpr std::size_t kSmallest = 6000;  // bytes; of less hardly anything is gained, and it is often edited
    static constexpr std::size_t kWorthPercent = 70;  // of the tokens, at most
    const compress::Query& query = task_.query;
    if (decision.report.detection.type != ContentType::kJson || task_.effort.lossless) return false;
    if (task_.text.size() < kSmallest || asks_for_change(query.user) || asks_for_change(query.intent)) return false;
    Piece piece =
        compress_piece(task_.text, {ContentType::kConfig, 0.9, "settings in JSON, by lines"}, query, task_.tokens);
    const PartReport& part = piece.report;
    if (!piece.replaced || !part.strategy.starts_with("config:blocks")) return false;
    if (part.tokens_after * 100 > part.tokens_before * kWorthPercent) return false;
    take_whole(std::move(piece), decision);
    return true;
  }

  /// Segments of the cleaned text become those of the text itself, line by line; one segment where a part begins within
  /// a line.
  void move_segments(std::string_view shown, std::vector<detect::Segment>& segments) const {
    const std::vector<std::string_view> from = base::split_lines(shown);
    const std::vector<std::string_view> to = base::split_lines(task_.text);
    const auto offset = [&](std::size_t at) -> std::optional<std::size_t> {
      if (at >= shown.size()) return task_.text.size();
      const auto line = std::ranges::lower_bound(from, shown.data() + at, {}, &std::string_view::data);
      if (line == from.end() || line->data() != shown.data() + at) return std::nullopt;
      return static_cast<std::size_t>(to[static_cast<std::size_t>(line - from.begin())].data() - task_.text.data());
    };
    for (detect::Segment& segment : segments) {
      const auto begin = offset(segment.begin);
      const auto end = offset(segment.begin + segment.size);
      if (!begin || !end) {
        // Better left as it is than a note of the client changed.
        const bool fixed = std::ranges::any_of(segments, &detect::Segment::fixed);
        segments.assign(1, {0, task_.text.size(), {}, {}, fixed});
        return;
      }
      segment.begin = *begin;
      segment.size = *end - *begin;
    }
  }

  /// One text of one kind. Where nothing need be exact, it is first brought into the form in which a terminal would
  /// show it, and the line numbers of a file viewer step aside; both leave the lines where they are.
  Piece compress_piece(std::string_view text, const Detection& detection, const compress::Query& query,
                       std::size_t tokens) const {
    Piece piece;
    piece.report.detection = detection;
    piece.report.tokens_before = piece.report.tokens_after = tokens;
    if (task_.effort.lossless) {
      try_kinds({text, {}}, detection, query, piece);
      return piece;
    }
    const compress::text::Cleaned cleaned = compress::text::clean(text);
    std::string_view shown = cleaned.changed() ? std::string_view(cleaned.text) : text;
    std::string taken_out = cleaned.changed() ? compress::text::clean_text(cleaned) : std::string();
    const auto untimed = compress::text::asks_about_time(query.user) || compress::text::looks_for_time(query.intent)
                             ? std::nullopt
                             : compress::text::without_times(shown);
    if (untimed) {
      shown = untimed->text;
      taken_out += (taken_out.empty() ? "" : ", ") + untimed->what;
    }
    const bool page = shown.find("[ref=") != std::string_view::npos && detect::is_page_snapshot(shown);
    const auto unmarked = page ? compress::text::without_marks(shown) : std::nullopt;
    if (unmarked) {
      shown = unmarked->text;
      taken_out += (taken_out.empty() ? "" : ", ") + unmarked->what;
    }
    const std::string id = base::content_id(text);
    // Code is shown with its numbers; whoever compresses it knows them.
    const auto numbered = detection.type == ContentType::kCode ? std::nullopt : detect::read_numbered(shown);
    if (numbered) {
      try_kinds({numbered->text, id, true}, detection, query, piece);
      // Rows of JSON are found by what they hold, and lines of a table have other numbers.
      const bool json = piece.replaced && piece.report.strategy.starts_with("json:");
      if (piece.replaced && !json && !number_again(shown, *numbered, piece)) forget(piece);
    }
    const std::size_t unmarked_tokens = unmarked ? task_.tokenizer.count(shown) : 0;
    if (!piece.replaced) try_kinds({shown, id, false, unmarked_tokens}, detection, query, piece);
    if (!taken_out.empty()) tell_cleaned({shown, id}, text.ends_with('\n'), taken_out, piece);
    return piece;
  }

  /// What a compressor reads, and the id of the text that its output stands for; no id: nothing may be dropped.
  struct Source {
    std::string_view shown;
    std::string_view id;
    bool numbered = false;   ///< each line that stays gets its number back, so it has to stay as it is
    std::size_t tokens = 0;  ///< of `shown`, where that lacks marks of the text; else 0
  };

  static void forget(Piece& piece) {
    piece.replaced = piece.lossy = false;
    piece.text.clear();
    piece.report.strategy.clear();
    piece.report.id.clear();
    piece.report.notes.clear();
    piece.report.removed.clear();
    piece.report.records_before = piece.report.records_kept = 0;
    piece.report.tokens_after = piece.report.tokens_before;
  }  // how gently stays, as it does for the compressors that are asked next

  /// Puts the line numbers back in front of the lines that stayed; false when the output's lines are not the text's.
  bool number_again(std::string_view shown, const detect::NumberedText& numbered, Piece& piece) const {
    const std::vector<std::string_view> source = base::split_lines(shown);
    std::string out;
    std::size_t at = 0;
    for (std::string_view line : base::split_lines(piece.text)) {
      const std::vector<compress::Gap> gaps = compress::find_gaps(line);
      if (at < source.size() && source[at].substr(numbered.gutters[at]) == line) {
        out.append(source[at++]).push_back('\n');
      } else if (gaps.size() == 1 && gaps[0].first == at + 1 && gaps[0].last <= source.size()) {
        at = gaps[0].last;
        out.append(line).push_back('\n');
      } else if (compress::has_marker(line) || line.empty()) {
        out.append(line).push_back('\n');
      } else {
        return false;
      }
    }
    if (at != source.size()) return false;
    if (!piece.text.ends_with('\n')) out.pop_back();
    const std::size_t after = task_.tokenizer.count(out);
    if (after >= piece.report.tokens_before) return false;
    piece.text = std::move(out);
    piece.report.tokens_after = after;
    return true;
  }

  /// Names in the handle what cleaning took out; where nothing else was gained, the cleaned text stands for the text.
  void tell_cleaned(const Source& cleaned, bool final_newline, const std::string& what, Piece& piece) const {
    const std::string id(cleaned.id);
    std::string out = piece.replaced ? piece.text : std::string(cleaned.shown);
    if (const std::size_t handle = out.rfind("<<ccr:" + id); piece.lossy && handle != std::string::npos) {
      const std::size_t end = out.find(">>", handle);
      out.insert(end, "; " + what);
    } else {
      if (!out.ends_with('\n')) out += '\n';
      out += compress::handle_marker(id, what);
      if (final_newline) out += '\n';
    }
    const std::size_t after = task_.tokenizer.count(out);
    PartReport& report = piece.report;
    if (!piece.replaced && after * 100 > report.tokens_before * kWorthCleaningPercent) return;
    if (after >= report.tokens_before) return forget(piece);
    report.strategy = piece.replaced ? report.strategy : "text:clean";
    report.tokens_after = after;
    report.id = id;
    report.reason.clear();
    report.notes.push_back(what);
    piece.text = std::move(out);
    piece.replaced = piece.lossy = true;
  }

  /// The smallest output of the compressors for its kind, or else for second guesses.
  void try_kinds(const Source& source, const Detection& detection, const compress::Query& query, Piece& piece) const {
    bool any = false;
    piece.report.reason.clear();
    if (try_kind(source, detection, query, piece, any)) return;
    if (task_.forced == ContentType::kOther) {
      const std::string reason = piece.report.reason;
      for (const Detection& guess : detect::second_guesses(source.shown, detection)) {
        if (try_kind(source, guess, query, piece, any)) return;
      }
      if (!reason.empty()) piece.report.reason = reason;
    }
    if (!any) piece.report.reason = fmt::format("no compressor for {}", detect::content_type_name(detection.type));
  }

  bool try_kind(const Source& source, const Detection& detection, const compress::Query& query, Piece& piece,
                bool& any) const {
    const bool page = detection.type != ContentType::kHtml && detect::is_page_snapshot(source.shown);
    for (const Compressor* compressor : registry_.find_all(detection.type)) {
      any = true;
      if (page && !keeps_controls(*compressor)) continue;
      if (task_.deadline.expired()) {
        piece.report.reason = "time budget spent";
        return false;
      }
      take(*compressor, source, detection, query, piece);
      // Lines of markup are no lines of text: a page that was read as one is not cut by lines as well.
      if (piece.replaced && detection.type == ContentType::kHtml) break;
      const std::size_t good = detection.type == ContentType::kCode ? kGoodPercentOfCode : kGoodPercent;
      if (piece.report.tokens_after * 100 <= piece.report.tokens_before * good) break;
    }
    return piece.replaced;
  }

  /// What stands on the page of a browser can be acted on, whatever the question names: who reads its lines as settings
  /// or messages would leave out what the next click needs.
  static bool keeps_controls(const Compressor& compressor) {
    return compressor.name() == "snapshot" || compressor.name() == "text";
  }

  /// Takes the compressor's output when it is the smallest so far.
  void take(const Compressor& compressor, const Source& source, const Detection& detection,
            const compress::Query& query, Piece& piece) const {
    be_gentle(compressor, piece);
    const Gentleness step = piece.report.gentleness;
    const std::string_view id = step == Gentleness::kLossless ? std::string_view() : source.id;
    auto output = compressor.compress({source.shown, detection.type, query, task_.tokenizer, id, target_for(piece),
                                       profile_for(step), task_.deadline, task_.effort.judge});
    PartReport& report = piece.report;
    if (!output) {
      if (!piece.replaced && report.reason.empty()) report.reason = why_nothing(piece);
      return;
    }
    std::size_t after = output->tokens > 0 ? output->tokens : task_.tokenizer.count(output->text);
    if (!source.numbered) share_heads(*output, after);
    if (!source.numbered) after = std::min(after, share_prefixes(*output, after, piece));
    // Rules of a command know what says nothing; who reads any log guesses, and is asked first.
    const bool surer = compressor.name() == "command" && report.strategy.starts_with("log:");
    if (piece.replaced && after * 100 >= report.tokens_after * (surer ? kSurerPercent : 100)) return;
    // What is taken out of all lines anyway is no gain of leaving some out.
    const std::size_t without =
        source.tokens > 0 ? std::min(source.tokens, report.tokens_before) : report.tokens_before;
    const std::size_t most = output->lossy && !task_.effort.target_tokens ? kHardlySmallerPercent : 100;
    if (after >= report.tokens_before || after * 100 > without * most) {
      report.reason = fmt::format("{} smaller ({} tokens)", after < report.tokens_before ? "hardly" : "not", after);
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
    if (piece.gentle != nullptr) report.notes.insert(report.notes.begin(), gentle_note(*piece.gentle));
    report.removed = told_by_gaps(output->text);
    report.id = output->lossy ? std::string(source.id) : std::string();
    piece.replaced = true;
    piece.lossy = output->lossy;
    piece.text = std::move(output->text);
  }

  /// What most of the lines begin with that stayed of a log is written once.
  void share_heads(Output& output, std::size_t& tokens) const {
    static constexpr std::size_t kWorthPercent = 97;  // of the tokens, at most
    const bool lines = output.strategy.starts_with("log:") || output.strategy.starts_with("command:");
    if (!output.lossy || !lines) return;
    auto shared = compress::text::fold_common_head(output.text);
    if (!shared || compress::text::expand_common_head(*shared) != output.text) return;
    const std::size_t after = task_.tokenizer.count(*shared);
    if (after * 100 > tokens * kWorthPercent) return;
    output.text = std::move(*shared);
    output.strategy += "+prefixes";
    tokens = after;
  }

  /// Where the shared beginnings of neighbouring lines alone gain more than leaving lines out did, both are done:
  /// `output` becomes what stayed, with its beginnings written once. The tokens of `output` then.
  std::size_t share_prefixes(Output& output, std::size_t tokens, const Piece& piece) const {
    const bool lines = piece.report.strategy.starts_with("log:") || piece.report.strategy.starts_with("command:");
    if (!piece.lossy || !lines || output.lossy || output.strategy != "text:prefixes") return tokens;
    if (tokens >= piece.report.tokens_after) return tokens;
    auto shared = compress::text::fold_prefixes(piece.text);
    if (!shared || compress::text::expand_prefixes(*shared) != piece.text) return tokens;
    const std::size_t after = task_.tokenizer.count(*shared);
    if (after >= tokens) return tokens;
    output.text = std::move(*shared);
    output.strategy = piece.report.strategy + "+prefixes";
    output.records_before = piece.report.records_before;
    output.records_kept = piece.report.records_kept;
    output.notes = piece.report.notes;
    output.lossy = true;
    return after;
  }

  /// What is asked of one compressor holds for those that are asked after it, too: they would only leave out instead
  /// what the first may not.
  void be_gentle(const Compressor& compressor, Piece& piece) const {
    const GentleTool::Step* step = task_.effort.gentle ? task_.effort.gentle->find(compressor.name()) : nullptr;
    if (step == nullptr || step->step <= piece.report.gentleness) return;
    piece.gentle = step;
    piece.report.gentleness = step->step;
  }

  compress::Profile profile_for(Gentleness step) const {
    if (step == Gentleness::kUsual) return task_.effort.profile;
    return task_.effort.profile == compress::Profile::kAggressive ? compress::Profile::kBalanced
                                                                  : compress::Profile::kGentle;
  }

  std::string why_nothing(const Piece& piece) const {
    if (task_.deadline.expired()) return "time budget spent";
    return piece.gentle == nullptr ? "nothing to gain" : "nothing to gain; " + gentle_note(*piece.gentle);
  }

  /// A part's share of what the block is to be.
  std::size_t target_for(const Piece& piece) const {
    if (task_.effort.target_tokens == 0 || task_.tokens == 0) return task_.effort.target_tokens;
    const std::size_t part = std::min(piece.report.tokens_before, task_.tokens);
    return std::max<std::size_t>(1, task_.effort.target_tokens * part / task_.tokens);
  }

  /// Most of it is data or files with a word about them, not a document: whoever reads prose would leave out lines of
  /// theirs without a look at what they hold.
  bool holds_other_things(const std::vector<detect::Segment>& segments) const {
    std::size_t others = 0;
    for (const detect::Segment& segment : segments) {
      const ContentType type = segment.detection.type;
      const bool data = type == ContentType::kJson || type == ContentType::kNdjson || type == ContentType::kXml ||
                        type == ContentType::kHtml;
      const bool file = type == ContentType::kCode && !segment.path.empty();
      if ((data || file) && segment.size >= detect::kSmallestPart) others += segment.size;
    }
    return others * 2 > task_.text.size();
  }

  /// A document knows its own code and tables; cut into parts, each may be too small to lose anything.
  void prefer_whole(Decision& decision) const {
    Piece whole = compress_piece(task_.text, decision.report.detection, task_.query, task_.tokens);
    if (!whole.replaced || whole.report.tokens_after >= decision.report.tokens_after) return;
    Decision fresh;
    fresh.report.tool_name = decision.report.tool_name;
    fresh.report.tokens_before = decision.report.tokens_before;
    fresh.report.detection = decision.report.detection;
    take_whole(std::move(whole), fresh);
    decision = std::move(fresh);
  }

  void take_whole(Piece piece, Decision& decision) const {
    BlockReport& report = decision.report;
    PartReport& part = piece.report;
    report.notes = std::move(part.notes);
    report.removed = std::move(part.removed);
    report.reason = std::move(part.reason);
    report.gentleness = part.gentleness;
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
    std::vector<Piece> pieces = compress_segments(segments);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const detect::Segment& segment = segments[i];
      const std::string_view text = task_.text.substr(segment.begin, segment.size);
      Piece& piece = pieces[i];
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

  std::vector<Piece> compress_segments(const std::vector<detect::Segment>& segments) const {
    std::vector<Piece> pieces;
    for (const detect::Segment& segment : segments) {
      pieces.push_back(compress_segment(segment, task_.text.substr(segment.begin, segment.size)));
    }
    if (std::ranges::none_of(pieces, &Piece::lossy)) return pieces;
    // A part that has no handle, but folds lines that repeat, would seem to be of the next part that has one.
    for (Piece& piece : pieces) {
      if (!piece.replaced || piece.lossy || !compress::has_gap_line(piece.text)) continue;
      PartReport whole;
      whole.detection = std::move(piece.report.detection);
      whole.tokens_before = whole.tokens_after = piece.report.tokens_before;
      whole.reason = "its markers could be taken for another part's";
      piece = {.text = {}, .report = std::move(whole), .replaced = false, .lossy = false};
    }
    return pieces;
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
      report.gentleness = std::max(report.gentleness, part.gentleness);
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

namespace {

/// A mistake of ours that cuts a character in two would make the request none that a provider reads.
Decision kept_readable(Decision decision, const Task& task) {
  if (!decision.replaced || base::is_utf8(decision.text) || !base::is_utf8(task.text)) return decision;
  Decision fresh;
  fresh.report.tool_name = std::move(decision.report.tool_name);
  fresh.report.detection = std::move(decision.report.detection);
  fresh.report.tokens_before = fresh.report.tokens_after = task.tokens;
  fresh.report.reason = "what came out is no UTF-8";
  return fresh;
}

}  // namespace

Decision route(const compress::Registry& registry, const Task& task) {
  // Files that begin with it say no more than that they are UTF-8, and formats do not know it: it stays in front.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (!task.text.starts_with(kByteOrderMark)) return kept_readable(Router(registry, task).run(), task);
  Task rest = task;
  rest.text.remove_prefix(kByteOrderMark.size());
  rest.tokens = task.tokenizer.count(rest.text);
  Decision decision = kept_readable(Router(registry, rest).run(), rest);
  decision.report.tokens_before = task.tokens;
  if (decision.replaced) decision.text.insert(0, kByteOrderMark);
  decision.report.tokens_after = decision.replaced ? task.tokenizer.count(decision.text) : task.tokens;
  for (KeptOriginal& original : decision.originals) {
    if (original.in_string.size() == 0) {
      original.begin += kByteOrderMark.size();
    } else {
      original.in_string.begin += kByteOrderMark.size();
      original.in_string.end += kByteOrderMark.size();
    }
  }
  return decision;
}

}  // namespace headroom::context
