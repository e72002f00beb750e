#include "base/json_cut.h"

#include <vector>

namespace headroom::base {
namespace {

constexpr std::size_t kDeepest = 256;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
bool is_bare(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

/// Reads JSON up to where it ends too early.
class CutReader {
 public:
  explicit CutReader(std::string_view text) : text_(text) {}

  /// True when the text ends within the value that it begins with.
  bool runs_out() {
    while (true) {
      skip_space();
      if (at_ == text_.size()) return !open_.empty();
      if (!step()) return at_ == text_.size() && !open_.empty();
      if (open_.empty()) return false;
    }
  }

  struct Open {
    char bracket = 0;
    bool wants_value = true;  ///< of an object: behind a colon; of an array: behind a comma or at its start
    bool wants_comma = false;
    std::size_t items = 0;
    std::size_t whole = 0;  ///< behind the last whole item
  };
  const std::vector<Open>& open() const { return open_; }

 private:
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  /// Reads one token; false at the end of the text and at what JSON does not allow.
  bool step() {
    const char c = text_[at_];
    if (open_.empty()) return (c == '{' || c == '[') && push(c);
    Open& top = open_.back();
    if (c == ']' || c == '}') {
      if (c != (top.bracket == '[' ? ']' : '}')) return false;
      ++at_;
      open_.pop_back();
      value_ended();
      return true;
    }
    if (top.wants_comma) {
      if (c != ',') return false;
      ++at_;
      top.wants_comma = false;
      top.wants_value = top.bracket == '[';
      return true;
    }
    if (!top.wants_value) return read_key();
    if (c == '{' || c == '[') return push(c);
    if (c == '"' ? !read_string() : !read_bare()) return false;
    value_ended();
    return true;
  }

  bool push(char c) {
    if (open_.size() == kDeepest) return false;
    ++at_;
    open_.push_back({c, c == '[', false, 0, at_});
    return true;
  }

  void value_ended() {
    if (open_.empty()) return;
    Open& top = open_.back();
    top.wants_comma = true;
    ++top.items;
    top.whole = at_;
  }

  bool read_key() {
    if (text_[at_] != '"' || !read_string()) return false;
    skip_space();
    if (at_ == text_.size() || text_[at_] != ':') return false;
    ++at_;
    open_.back().wants_value = true;
    return true;
  }

  bool read_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        if (++at_ == text_.size()) return false;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  /// A number, true, false or null; it ends only where something follows.
  bool read_bare() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_bare(text_[at_])) ++at_;
    return at_ > begin && at_ < text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
};

}  // namespace

std::optional<CutJson> find_cut(std::string_view text, std::size_t fewest) {
  CutReader reader(text);
  if (!reader.runs_out()) return std::nullopt;
  CutJson cut;
  std::string closers;
  for (const CutReader::Open& open : reader.open()) {
    closers.insert(closers.begin(), open.bracket == '[' ? ']' : '}');
    if (open.bracket != '[' || open.items < fewest) continue;
    cut.whole = open.whole;
    cut.items = open.items;
    cut.closers = closers;
    return cut;
  }
  return std::nullopt;
}

}  // namespace headroom::base
