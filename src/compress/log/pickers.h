#pragma once

#include "compress/log/picks.h"

namespace headroom::compress::log {

/// The first and the last lines.
void pick_edges(Picks& picks);
/// Lines that hardly any other line resembles, and one of each common kind.
void pick_rare(Picks& picks);
/// In a report that is mostly "name:value", every line whose name no other has. Rough tokens of these.
std::size_t pick_facts(Picks& picks);
/// The longest silences of a log with time stamps.
void pick_pauses(Picks& picks);
/// Values that a plan changes: "~ size = 200 -> 50".
void pick_changes(Picks& picks);
/// Totals and verdicts.
void pick_summaries(Picks& picks);

/// Every kind of error, and every distinct one where there are not many.
void pick_errors(Picks& picks);
/// The first of each kind of warning, and the rare ones.
void pick_warnings(Picks& picks);

/// Of stacks with numbered frames: the first, of the thread that stopped, and the program's own frames of unlike
/// others. Of stacks of any other form the program's own frames.
void pick_frames(Picks& picks);

/// What the question names literally.
void pick_asked(Picks& picks);
/// What has words in common with the question.
void pick_matches(Picks& picks);

/// Extreme, odd and vanished values of the templates' slots.
void pick_extremes(Picks& picks);
/// Of a tree whose numbers hold those of the lines below ("time=43.0" over "time=41.4"), the lines that took most
/// themselves. False: it is none.
bool pick_nested(Picks& picks);
/// Messages that come from one source only, while the others come from many.
void pick_loners(Picks& picks);

/// Of tables: titles, top and bottom of each column, rare categories.
void pick_tables(Picks& picks);

/// Of sections: identity and summary of the first, the last and the extreme ones.
void pick_sections(Picks& picks);

/// Of records of fields: the one that the question names as a whole, and one as a sample.
void pick_stanzas(Picks& picks);
/// Of like records in any other form: those that the question names, as a whole or by the lines that all of them have.
void pick_like_blocks(Picks& picks);

}  // namespace headroom::compress::log
