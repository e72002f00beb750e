#include "compress/foreign_lexicon.h"

#include "compress/foreign_spelling.h"
#include "compress/foreign_words.h"

namespace headroom::compress {

const Lexicon& Lexicon::get() {
  static const Lexicon kLexicon;
  return kLexicon;
}

Lexicon::Lexicon() {
  add(foreign_words(), words_);
  add(foreign_requests(), requests_);
  add(foreign_openings(), openings_);
  for (const std::string_view small : {small_foreign_words(), small_words_alike()}) {
    each_form(small, [&](std::string_view form) {
      small_.insert(form);
      if (is_sign(form, 0)) first_signs_.insert(form.substr(0, size_at(form, 0)));
    });
  }
}

template <typename Rows>
void Lexicon::add(Rows rows, Meanings& to) {
  for (const ForeignWords& row : rows) {
    each_form(row.forms, [&](std::string_view form) {
      if (is_sign(form, 0)) {
        first_signs_.insert(form.substr(0, size_at(form, 0)));
        to.emplace(form, row.english);
        return;
      }
      std::string key;
      for (std::size_t at = 0; at <= form.size();) {
        const std::size_t end = std::min(form.find('_', at), form.size());
        if (!key.empty()) key += '_';
        key += sound(form.substr(at, end - at));
        at = end + 1;
      }
      to.emplace(std::move(key), row.english);
    });
  }
}

Tells what_tells(std::string_view plain_word) {
  static constexpr std::string_view kEnglish =
      "after all and any are at be been before but by can could did do does find fix for from get give has have how if "
      "into is it its list my not of or please show tell than that the there this to we were what when where which who "
      "why will with would you your should";
  static const std::unordered_map<std::string_view, Tells> kTelling = [] {
    std::unordered_map<std::string_view, Tells> out;
    for (const std::string_view words : {small_foreign_words(), foreign_question_words()})
      each_form(words, [&](std::string_view form) { out.emplace(form, Tells::kForeign); });
    each_form(kEnglish, [&](std::string_view form) { out.emplace(form, Tells::kEnglish); });
    return out;
  }();
  const auto found = kTelling.find(plain_word);
  return found == kTelling.end() ? Tells::kNothing : found->second;
}

}  // namespace headroom::compress
