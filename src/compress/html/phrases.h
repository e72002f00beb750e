#pragma once

#include <string_view>

namespace headroom::compress::html {

// What lines around an article say, in the languages that most pages are in. Each takes the text of a whole block; a
// sentence of the article that happens to have the same words is longer, or goes on.

/// What stands above or before links to other pages: "Related articles", "Mehr zum Thema". `text` may go on behind it.
bool leads_elsewhere(std::string_view text);

/// Asks the reader for something: to subscribe, to follow, to get the app, to rate, to comment.
bool asks_reader(std::string_view text);

/// "Photo: A. Brook / Reuters", "Bildquelle: ...".
bool credits_picture(std::string_view text);

/// "© 2020 Delta Post. All rights reserved."
bool claims_rights(std::string_view text);

/// "Filed under: ...", "Schlagworte: ...".
bool lists_topics(std::string_view text);

/// Has a year, a day or a time of day in figures.
bool tells_when(std::string_view text);

/// Begins like a line that names who wrote something: "By Ada Brook".
bool tells_who(std::string_view text);

/// Has a number, ends as a sentence does, or gives something a value: "Level: high".
bool says_something(std::string_view text);

/// "About the author", "Über den Autor".
bool presents_author(std::string_view text);

/// Nothing but the word for an advert, or what it is put below: "Advertisement", "Anzeige".
bool labels_advert(std::string_view text);

}  // namespace headroom::compress::html
