#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::xml {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

/// An element and where it stands in the text. Offsets count bytes.
struct Element {
  std::uint32_t begin = 0, end = 0;  ///< '<' of the start tag; after the '>' that closes it
  std::uint32_t parent = kNone;
  std::uint32_t next = 0;  ///< index of the first element after all that stand in it
  std::uint32_t name = 0;  ///< index into Document::names
  std::uint32_t first_attribute = 0, attributes = 0;
  std::uint32_t chars_begin = 0, chars_end = 0;  ///< of Document::chars: what it says, the elements in it included
  bool closed = false;
};

struct Attribute {
  std::uint32_t name = 0;            ///< index into Document::names
  std::uint32_t begin = 0, end = 0;  ///< of Document::values
};

/// An XML text, or a part of one, in the order of its start tags. References to characters are undone in what it says;
/// nothing is fetched, and no entity of the text's own is expanded.
struct Document {
  std::vector<Element> elements;
  std::vector<Attribute> attributes;
  std::vector<std::string> names;
  std::string chars, values;
  bool whole = true;  ///< read to its end without a fault; else what stands before the fault

  std::string_view name(const Element& element) const { return names[element.name]; }
  std::string_view name(const Attribute& attribute) const { return names[attribute.name]; }
  /// Without the white space around it.
  std::string_view text(const Element& element) const;
  std::string_view value(const Attribute& attribute) const;
  std::span<const Attribute> attributes_of(const Element& element) const {
    return std::span(attributes).subspan(element.first_attribute, element.attributes);
  }
  /// By what it is called among its like: an attribute such as name or id, else its first attribute, else what the
  /// first element in it says.
  std::string_view called(std::uint32_t element) const;
  bool has_children(std::uint32_t element) const { return elements[element].next > element + 1; }
};

/// Reads what can be read. Texts of 1 GiB and more have no elements.
Document read_document(std::string_view text);

}  // namespace headroom::compress::xml
