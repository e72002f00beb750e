#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "align/volatile_text.h"
#include "base/result.h"

namespace headroom::align {

/// A value as it is sent on (the first one seen), and what the model was told since in its place.
struct PinnedValue {
  Kind kind = Kind::kId;
  std::string pinned;
  std::string told;  ///< equal to `pinned` while nothing else has been told
  bool operator==(const PinnedValue&) const = default;
};

/// One text of the system prompt: everything but the values as a hash.
struct PinnedBlock {
  std::string skeleton;              ///< content_id() of the text with its values taken out
  std::vector<std::uint32_t> lines;  ///< hashes of its first lines, to say which one changed
  std::vector<PinnedValue> values;
  bool operator==(const PinnedBlock&) const = default;
};

/// What a session's requests begin with, as it was sent first. Kept by the caller from request to request. It holds
/// values of the prompt and the whole list of tools: store it with the care that originals get.
struct Pin {
  std::uint32_t turn = 0;  ///< requests seen so far
  std::vector<PinnedBlock> blocks;
  std::string tools;  ///< bytes of the list of tools from its first element to its last, "" without tools
  std::vector<PinnedValue> tool_values;
  bool operator==(const Pin&) const = default;

  static constexpr std::size_t kMaxTextBytes = 16U << 20U;
  static constexpr std::size_t kMaxBlocks = 256;
  static constexpr std::size_t kMaxLines = 2048;

  /// Ends with a digest of itself.
  std::string to_text() const;
  /// kParse for anything that to_text() did not write, kTooLarge over kMaxTextBytes.
  static base::Result<Pin> from_text(std::string_view text);
};

}  // namespace headroom::align
