#pragma once

#include <deque>
#include <string>

#include "wire/conversation.h"

namespace headroom::wire {

/// Some clients do without the provider's tools: the model writes its calls into its text, and the client gives the
/// results in the user's name, as "[read_file for 'a.cc'] Result:". Makes tool results of such texts, with the name and
/// the arguments of the call in the assistant's text before; they have no id. Only what answers a call that is there is
/// taken for a result; what the user says through such a call stays the user's. `names` gets what the body does not
/// say.
void read_spoken_results(Conversation& conversation, std::deque<std::string>& names);

}  // namespace headroom::wire
