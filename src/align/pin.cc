#include "align/pin.h"

#include <charconv>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/utf8.h"

namespace headroom::align {
namespace {

constexpr std::string_view kHead = "headroom-pin 1 ";

void put_number(std::string& out, std::size_t number) {
  fmt::format_to(std::back_inserter(out), "{} ", number);
}

/// Its length, then the bytes.
void put_bytes(std::string& out, std::string_view bytes) {
  put_number(out, bytes.size());
  out += bytes;
  out += '\n';
}

void put_values(std::string& out, const std::vector<PinnedValue>& values) {
  put_number(out, values.size());
  for (const PinnedValue& value : values) {
    put_number(out, static_cast<std::size_t>(value.kind));
    put_number(out, value.told == value.pinned ? 0 : 1);
    put_bytes(out, value.pinned);
    if (value.told != value.pinned) put_bytes(out, value.told);
  }
}

/// Reads what the put functions wrote. After a failure everything is empty or 0.
class Input {
 public:
  explicit Input(std::string_view text) : text_(text) {}

  bool good() const { return good_; }
  bool at_end() const { return text_.empty(); }

  std::size_t number(std::size_t most) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    const auto length = static_cast<std::size_t>(end - text_.data());
    if (error != std::errc{} || length == text_.size() || *end != ' ' || value > most) {
      stop();
      return 0;
    }
    text_.remove_prefix(length + 1);
    return value;
  }

  std::string_view bytes(std::size_t most) {
    const std::size_t size = number(most);
    if (size >= text_.size() || text_[size] != '\n') {
      stop();
      return {};
    }
    const std::string_view out = text_.substr(0, size);
    text_.remove_prefix(size + 1);
    return out;
  }

  std::vector<PinnedValue> values(std::size_t most) {
    std::vector<PinnedValue> out;
    const std::size_t count = number(most);
    for (std::size_t i = 0; i < count && good_; ++i) {
      PinnedValue& value = out.emplace_back();
      value.kind = static_cast<Kind>(number(static_cast<std::size_t>(Kind::kCounter)));
      const bool told = number(1) == 1;
      value.pinned = bytes(kMaxValueBytes);
      value.told = told ? std::string(bytes(kMaxValueBytes)) : value.pinned;
    }
    return out;
  }

 private:
  void stop() {
    good_ = false;
    text_ = {};
  }

  std::string_view text_;
  bool good_ = true;
};

}  // namespace

std::string Pin::to_text() const {
  std::string out(kHead);
  put_number(out, turn);
  put_number(out, blocks.size());
  for (const PinnedBlock& block : blocks) {
    put_bytes(out, block.skeleton);
    put_number(out, block.lines.size());
    for (const std::uint32_t line : block.lines) put_number(out, line);
    put_values(out, block.values);
  }
  put_bytes(out, tools);
  put_values(out, tool_values);
  out += base::content_id(out);
  return out;
}

base::Result<Pin> Pin::from_text(std::string_view text) {
  if (text.size() > kMaxTextBytes) return base::fail(base::ErrorCode::kTooLarge, "a pin of over 16 MiB");
  const auto damaged = [] { return base::fail(base::ErrorCode::kParse, "not a pin, or a damaged one"); };
  if (!text.starts_with(kHead) || text.size() < kHead.size() + base::kContentIdLength) return damaged();
  const std::string_view signed_part = text.substr(0, text.size() - base::kContentIdLength);
  if (base::content_id(signed_part) != text.substr(signed_part.size()) || !base::is_utf8(text)) return damaged();
  Input input(signed_part.substr(kHead.size()));
  Pin pin;
  pin.turn = static_cast<std::uint32_t>(input.number(UINT32_MAX));
  const std::size_t count = input.number(kMaxBlocks);
  for (std::size_t i = 0; i < count && input.good(); ++i) {
    PinnedBlock& block = pin.blocks.emplace_back();
    block.skeleton = input.bytes(base::kContentIdLength);
    const std::size_t lines = input.number(kMaxLines);
    for (std::size_t line = 0; line < lines && input.good(); ++line) {
      block.lines.push_back(static_cast<std::uint32_t>(input.number(UINT32_MAX)));
    }
    block.values = input.values(kMaxValues);
  }
  pin.tools = input.bytes(kMaxTextBytes);
  pin.tool_values = input.values(kMaxValues);
  if (!input.good() || !input.at_end()) return damaged();
  return pin;
}

}  // namespace headroom::align
