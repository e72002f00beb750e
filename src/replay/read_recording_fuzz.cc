#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay/body_units.h"
#include "replay/read_recording.h"

// Whatever a file holds: no crash; messages that turns name exist; a body that was put together is one that is read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace replay = headroom::replay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static headroom::tokens::CountCache counts;
  const replay::Recording recording = replay::read_recording(text, "fuzz");
  for (const replay::Session& session : recording.sessions) {
    if (session.turns.empty()) std::abort();
    for (std::size_t i = 0; i < session.turns.size(); ++i) {
      const std::string body = replay::body_of(session, i);
      const auto& tokenizer = headroom::tokens::tokenizer_for_model(session.turns[i].model);
      if (!session.turns[i].body.empty()) continue;
      const auto read = headroom::wire::read_conversation(session.api, body);
      // What was just shallow enough in a line may be too deep in a body.
      if (!read && read.error().code != headroom::base::ErrorCode::kTooLarge) std::abort();
      replay::units_of(session.api, body, tokenizer, counts);
    }
  }
  return 0;
}
