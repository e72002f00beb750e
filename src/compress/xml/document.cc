#include "compress/xml/document.h"

#include <array>
#include <memory>
#include <unordered_map>

#include <expat.h>

#include "base/text.h"

namespace headroom::compress::xml {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 30;
constexpr std::string_view kFrame = "<x>";

/// Where the content begins: behind the declaration, instructions, comments and the document type. The type is not
/// read, so that no entity that it declares can grow.
std::size_t content_start(std::string_view text) {
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (;;) {
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    const std::string_view rest = text.substr(at);
    std::size_t end = std::string_view::npos;
    if (rest.starts_with("<?")) {
      end = rest.find("?>");
      end += end == std::string_view::npos ? 0 : 2;
    } else if (rest.starts_with("<!--")) {
      end = rest.find("-->");
      end += end == std::string_view::npos ? 0 : 3;
    } else if (rest.starts_with("<!DOCTYPE")) {
      const std::size_t close = rest.find('>');
      const std::size_t subset = rest.find('[');
      end = close;
      if (subset < close) {
        end = rest.find(']', subset);
        end = end == std::string_view::npos ? end : rest.find('>', end);
      }
      end += end == std::string_view::npos ? 0 : 1;
    } else {
      return at;
    }
    if (end == std::string_view::npos) return at;
    at += end;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Document run() {
    if (text_.size() >= kLargest) return std::move(out_);
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"),
                                                                              XML_ParserFree);
    if (parser == nullptr) return std::move(out_);
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    // References to entities that the document type would declare are passed over.
    XML_UseForeignDTD(parser_, XML_TRUE);
    XML_SetElementHandler(
        parser_,
        [](void* self, const char* name, const char** pairs) { static_cast<Reader*>(self)->open(name, pairs); },
        [](void* self, const char*) { static_cast<Reader*>(self)->close(); });
    XML_SetCharacterDataHandler(parser_, [](void* self, const char* chars, int size) {
      static_cast<Reader*>(self)->out_.chars.append(chars, static_cast<std::size_t>(size));
    });
    start_ = content_start(text_);
    const std::string_view content = text_.substr(start_);
    out_.whole = XML_Parse(parser_, kFrame.data(), static_cast<int>(kFrame.size()), XML_FALSE) != XML_STATUS_ERROR &&
                 XML_Parse(parser_, content.data(), static_cast<int>(content.size()), XML_FALSE) != XML_STATUS_ERROR &&
                 open_.size() == 1;
    // What is open still holds all that follows.
    for (const std::uint32_t element : open_) {
      if (element == kNone) continue;
      Element& e = out_.elements[element];
      e.end = static_cast<std::uint32_t>(text_.size());
      e.next = static_cast<std::uint32_t>(out_.elements.size());
      e.chars_end = static_cast<std::uint32_t>(out_.chars.size());
    }
    return std::move(out_);
  }

 private:
  /// Byte of the text where the event begins; the frame and what was skipped do not count.
  std::uint32_t place() const {
    return static_cast<std::uint32_t>(static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_)) - kFrame.size() +
                                      start_);
  }

  std::uint32_t name_of(const char* name) {
    const auto [at, added] = numbers_.try_emplace(name, static_cast<std::uint32_t>(out_.names.size()));
    if (added) out_.names.emplace_back(name);
    return at->second;
  }

  void open(const char* name, const char** pairs) {
    if (open_.empty()) {
      open_.push_back(kNone);  // the frame
      return;
    }
    Element e{.begin = place(), .parent = open_.back(), .name = name_of(name)};
    e.first_attribute = static_cast<std::uint32_t>(out_.attributes.size());
    for (; pairs[0] != nullptr; pairs += 2) {
      Attribute a{.name = name_of(pairs[0]), .begin = static_cast<std::uint32_t>(out_.values.size())};
      out_.values += pairs[1];
      a.end = static_cast<std::uint32_t>(out_.values.size());
      out_.attributes.push_back(a);
      ++e.attributes;
    }
    e.chars_begin = static_cast<std::uint32_t>(out_.chars.size());
    open_.push_back(static_cast<std::uint32_t>(out_.elements.size()));
    out_.elements.push_back(e);
  }

  void close() {
    if (open_.size() < 2) {
      // "</x>" of a text that closes more than it opens.
      XML_StopParser(parser_, XML_FALSE);
      return;
    }
    Element& e = out_.elements[open_.back()];
    e.end = place() + static_cast<std::uint32_t>(XML_GetCurrentByteCount(parser_));
    e.next = static_cast<std::uint32_t>(out_.elements.size());
    e.chars_end = static_cast<std::uint32_t>(out_.chars.size());
    e.closed = true;
    open_.pop_back();
  }

  std::string_view text_;
  std::size_t start_ = 0;
  XML_Parser parser_ = nullptr;
  std::vector<std::uint32_t> open_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  Document out_;
};

}  // namespace

std::string_view Document::text(const Element& element) const {
  return base::trim(std::string_view(chars).substr(element.chars_begin, element.chars_end - element.chars_begin));
}

std::string_view Document::value(const Attribute& attribute) const {
  return base::trim(std::string_view(values).substr(attribute.begin, attribute.end - attribute.begin));
}

std::string_view Document::called(std::uint32_t element) const {
  static constexpr std::array<std::string_view, 6> kNames = {"name", "id", "key", "file", "path", "filename"};
  const std::span<const Attribute> own = attributes_of(elements[element]);
  for (const std::string_view known : kNames) {
    for (const Attribute& a : own) {
      if (name(a) == known) return value(a);
    }
  }
  if (!own.empty()) return value(own.front());
  return has_children(element) ? text(elements[element + 1]) : std::string_view();
}

Document read_document(std::string_view text) {
  return Reader(text).run();
}

}  // namespace headroom::compress::xml
