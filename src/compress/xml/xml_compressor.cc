#include "compress/xml/xml_compressor.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/repeat_lines.h"
#include "compress/marker.h"
#include "compress/xml/document.h"
#include "compress/xml/levels.h"
#include "compress/xml/long_texts.h"
#include "compress/xml/render.h"
#include "compress/xml/row_fold.h"
#include "compress/xml/selection.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 500;  // bytes below which nothing is worth a marker
constexpr std::size_t kExactTried = 3;  // an exact form is tried unless the other is smaller by this

/// Lines that stand above already are referred to, or lines of one kind become rows of what they say, whichever is
/// shorter.
std::optional<Output> lossless(const Input& input) {
  if (xml::has_rows(input.text)) return std::nullopt;
  const std::vector<std::string_view> lines = base::split_lines(input.text);
  const std::vector<std::uint8_t> asked = focus::asked_lines(input.text, lines, input.query);
  auto folded = focus::fold_lines(input.text, asked);
  std::string_view strategy = "xml:repeats";
  auto rows = xml::fold_rows(input.text, asked);
  if (rows && (!folded || rows->size() < folded->size())) {
    folded = std::move(rows);
    strategy = "xml:values";
  }
  if (!folded || folded->size() * 20 > input.text.size() * 19) return std::nullopt;
  Output out{.text = std::move(*folded), .strategy = std::string(strategy)};
  out.records_before = out.records_kept = lines.size();
  return out;
}

std::optional<Output> drop_records(const Input& input) {
  const xml::Document document = xml::read_document(input.text);
  if (input.deadline.expired()) return std::nullopt;
  xml::Selection selection = xml::select_records(document, xml::find_chains(document), input);
  const std::vector<xml::LineGap> texts = xml::shorten_texts(document, selection.gone, input);
  const bool dropped = selection.kept < selection.records;
  if ((!dropped && texts.empty()) || input.deadline.expired()) return std::nullopt;
  xml::Rendered rendered = xml::render(document, input.text, selection.gone, texts);
  if (!rendered.lines && !dropped) return std::nullopt;
  if (rendered.lines && !texts.empty()) {
    std::size_t lines = 0;
    for (const xml::LineGap& gap : texts) lines += gap.last - gap.first + 1;
    selection.what += fmt::format("{}{} lines of long texts left out", selection.what.empty() ? "" : " | ", lines);
  }
  Output out{.text = std::move(rendered.text), .strategy = rendered.lines ? "xml:rows" : "xml:elements", .lossy = true};
  if (!out.text.ends_with('\n')) out.text += '\n';
  if (!rendered.lines) selection.what += "; gaps count elements by their start tags, the first is 0";
  out.text += xml::as_comment(handle_marker(input.id, selection.what));
  out.records_before = selection.records;
  out.records_kept = selection.kept;
  out.notes = std::move(selection.notes);
  return out;
}

}  // namespace

std::optional<Output> XmlCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.deadline.expired()) return std::nullopt;
  std::optional<Output> out;
  if (!input.id.empty()) out = drop_records(input);
  if (!out || out->text.size() * 20 > input.text.size() * 19) return lossless(input);
  if (out->text.size() * kExactTried < input.text.size()) return out;
  auto exact = lossless(input);
  return exact && exact->text.size() <= out->text.size() ? exact : out;
}

}  // namespace headroom::compress
