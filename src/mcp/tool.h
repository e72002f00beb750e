#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "base/result.h"
#include "mcp/caller.h"
#include "mcp/files.h"
#include "mcp/schema.h"

namespace headroom::mcp {

/// The arguments of a call, checked against the tool's fields. Views are into the request.
class Arguments {
 public:
  /// `object`: nullptr for a call without arguments. kInvalidArgument says what is missing or of another type, in words
  /// that a model can act on. Members that the tool does not know are left alone.
  static base::Result<Arguments> read(const base::JsonDocument& document, const base::JsonNode* object,
                                      std::span<const Field> fields);

  bool has(std::string_view name) const { return node(name) != nullptr; }
  /// Of a string; "" where it is not given.
  std::string_view text(std::string_view name) const;
  bool flag(std::string_view name) const;
  /// Of a whole number; `otherwise` where it is not given.
  std::int64_t number(std::string_view name, std::int64_t otherwise) const;
  /// The value, or nullptr where it is not given.
  const base::JsonNode* node(std::string_view name) const;
  const base::JsonDocument& document() const { return *document_; }
  /// All of them as JSON.
  std::string_view raw() const { return object_ == nullptr ? std::string_view("{}") : object_->raw; }

 private:
  Arguments(const base::JsonDocument& document, const base::JsonNode* object) : document_(&document), object_(object) {}

  const base::JsonDocument* document_;
  const base::JsonNode* object_;
};

/// What a call has to work with beside its arguments.
struct CallContext {
  const FileAccess& files;
  ReadFiles* read = nullptr;  ///< what the session has read before; nullptr where there is no session
  Caller& caller;
};

/// What a call gives.
struct ToolResult {
  std::string text;          ///< what the model reads
  std::string structured;    ///< the same as a JSON object that fits the tool's output; empty for a failure
  bool failed = false;       ///< `text` says why, and what to do
  std::string content = {};  ///< what the model gets instead of `text`: items of the protocol as a JSON array
  /// The whole result instead, or why there is none: input_required(), or what no model can mend.
  std::optional<Answer> instead = {};
};

struct Tool {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::vector<Field> input;
  std::vector<Field> output;     ///< empty: nothing structured is given
  std::string_view schema = {};  ///< of `input`, as JSON, where fields cannot say it
  bool reads_files = false;      ///< needs to know which folders are open to it
  bool idempotent = true;
  /// Any thread; never throws.
  std::function<ToolResult(const Arguments&, const CallContext&)> call;
};

inline ToolResult failure(std::string text) {
  return {std::move(text), {}, true};
}

}  // namespace headroom::mcp
