#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/json_document.h"
#include "wire/conversation.h"

namespace headroom::wire {

/// The object that holds the message list of a Gemini body: what a gateway's wrapping holds, or the body itself.
const base::JsonNode& gemini_request(const base::JsonDocument& document);

/// What the formats share while a body is read: adding blocks, and pairing tool results with their calls. Lives for one
/// read_conversation(); refers to the document.
class Reader {
 public:
  explicit Reader(Source& source) : document_(source.document), names_(source.names), root_(&source.document.root()) {}

  /// Reads model, stream and the message list. The error says what makes the body none of ours.
  std::optional<base::Error> read_outline(Api api);

  const base::JsonDocument& document() const { return document_; }
  /// The object that holds the message list: the body, or what a gateway's wrapping holds.
  const base::JsonNode& root() const { return *root_; }
  /// "messages", or what the format calls it.
  const base::JsonNode& list() const { return *messages_; }
  base::JsonDocument::ChildRange messages() const { return document_.children(*messages_); }
  /// The request goes on from something that the provider keeps.
  void note_continued(std::string_view what) { conversation_.continues = what; }

  /// Text of a string member, or "" when it is missing or no string.
  std::string_view string_member(const base::JsonNode& object, std::string_view key) const;

  /// Adds a text block for a string node. Strings without UTF-8 text are added as not editable, with their raw bytes.
  Block& add_text(BlockKind kind, Role role, std::uint32_t message, const base::JsonNode& text);

  /// Adds a tool call and remembers its name and arguments for the results that answer it. `text`: what the arguments
  /// are where the node is not they.
  void add_call(std::uint32_t message, std::string_view id, std::string_view name, const base::JsonNode& arguments,
                std::string_view text = {});

  /// Adds one text of a tool result, with name and arguments of its call.
  void add_result(std::uint32_t message, std::string_view call_id, bool is_error, const base::JsonNode& text);

  /// The same for a text that is a JSON value itself; another text may stand in its place as a string.
  Block& add_value_result(std::uint32_t message, std::string_view call_id, bool is_error, const base::JsonNode& value);

  /// A name that the body does not say, kept for as long as the conversation is.
  std::string_view keep(std::string name) { return names_.emplace_back(std::move(name)); }

  Block& last_block() { return conversation_.blocks.back(); }

  void add_tool(const base::JsonNode& tool, std::string_view name);

  /// Begins the next element of "messages"; the blocks added from now on are its own.
  void begin_message(Role role, const base::JsonNode& message);
  /// The message that was begun last holds a part that is no block of ours.
  void note_other_part(std::string_view type);
  /// The object carries a cache mark: so does the message that was begun last.
  void note_mark(const base::JsonNode& object);
  /// The object is a cache mark that stands by itself.
  void note_cache_point(const base::JsonNode& point);
  /// The message that was begun last may not be taken away.
  void note_immutable();
  /// Reads "tools"; `name_of` gives a tool's name.
  template <typename NameOf>
  void read_tools(NameOf&& name_of) {
    read_tools_of(*root_, name_of);
  }
  /// The same of another object that holds such a list.
  template <typename NameOf>
  void read_tools_of(const base::JsonNode& holder, NameOf&& name_of) {
    const base::JsonNode* tools = document_.find_last(holder, "tools");
    if (tools == nullptr || tools->kind != base::JsonKind::kArray) return;
    for (const base::JsonNode& tool : document_.children(*tools)) add_tool(tool, name_of(tool));
  }
  bool has_tools() const { return !conversation_.tools.empty(); }
  void note_namespaced() { conversation_.namespaced = true; }

  Conversation finish(Api api) &&;

 private:
  struct Call {
    std::string_view name;
    std::string_view arguments;
  };
  std::size_t read_max_output() const;
  /// The object carries a cache mark.
  bool read_mark(const base::JsonNode& object);
  void answer(Block& block, std::string_view call_id, bool is_error);

  const base::JsonDocument& document_;
  std::deque<std::string>& names_;
  const base::JsonNode* root_;
  const base::JsonNode* messages_ = nullptr;
  Conversation conversation_;
  std::unordered_map<std::string_view, Call> calls_;
};

void read_anthropic_messages(Reader& reader);
void read_openai_chat(Reader& reader);
void read_openai_responses(Reader& reader);
void read_gemini_generate(Reader& reader);
void read_bedrock_converse(Reader& reader);
void read_vercel_messages(Reader& reader);

}  // namespace headroom::wire
