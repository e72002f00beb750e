#include "compress/html/phrases.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kLongestCredit = 140, kLongestAppeal = 420, kLongestNote = 90, kLongestRights = 320;

bool starts_with_ci(std::string_view text, std::string_view start) {
  if (text.size() < start.size()) return false;
  // Most phrases differ in their first letter.
  const char first = text[0] >= 'A' && text[0] <= 'Z' ? static_cast<char>(text[0] | 0x20) : text[0];
  return first == start[0] && base::equals_ci(text.substr(0, start.size()), start);
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return starts_with_ci(text, start); });
}

bool has_any(std::string_view text, std::span<const std::string_view> pieces) {
  return std::ranges::any_of(pieces, [&](std::string_view piece) { return base::contains_ci(text, piece); });
}

/// Without quotes, brackets, dashes, stars and arrows before the first word.
std::string_view from_first_word(std::string_view text) {
  text = base::trim(text);
  for (;;) {
    const std::size_t before = text.size();
    while (!text.empty() && std::string_view("*-+>[(\"'|:. \t\r\n").find(text[0]) != std::string_view::npos)
      text.remove_prefix(1);
    for (std::string_view sign : {"►", "▶", "»", "→", "•", "–", "—", "“", "„", "‘", "¡", "¿", "\u00A0", "&nbsp;"}) {
      if (text.starts_with(sign)) text.remove_prefix(sign.size());
    }
    if (text.size() == before) return text;
  }
}

constexpr auto kElsewhere = std::to_array<std::string_view>({
    "related",
    "read more",
    "read also",
    "read next",
    "read:",
    "also read",
    "also see",
    "watch:",
    "see also:",
    "see more:",
    "more from",
    "more on this",
    "more like this",
    "more in ",
    "more news",
    "more stories",
    "more articles",
    "more:",
    "recommended",
    "you may also",
    "you might also",
    "you may like",
    "you might like",
    "most read",
    "most popular",
    "most viewed",
    "popular",
    "trending",
    "top stories",
    "latest news",
    "latest posts",
    "latest stories",
    "latest from",
    "recent posts",
    "recent articles",
    "other stories",
    "other articles",
    "other posts",
    "similar posts",
    "similar articles",
    "from the web",
    "around the web",
    "in case you missed",
    "what to read",
    "don't miss",
    "don’t miss",
    "up next",
    "next article",
    "next post",
    "next story",
    "previous article",
    "previous post",
    "previous story",
    "keep reading",
    "mehr zum thema",
    "mehr zu",
    "mehr aus",
    "mehr artikel",
    "mehr lesen",
    "mehr von",
    "lesen sie auch",
    "lesen sie mehr",
    "lesen sie hier",
    "lies auch",
    "auch lesen",
    "auch interessant",
    "auch spannend",
    "schon gelesen",
    "weiterlesen",
    "das könnte",
    "das thema könnte",
    "dies könnte",
    "sie könnten auch",
    "könnte dich auch",
    "könnte sie auch",
    "passend dazu",
    "passend zum thema",
    "weitere artikel",
    "weitere beiträge",
    "weitere themen",
    "weitere aktuelle themen",
    "weitere news",
    "weitere meldungen",
    "weitere nachrichten",
    "ähnliche",
    "Ähnliche",
    "verwandte",
    "meistgelesen",
    "meist gelesen",
    "meistgelesene",
    "aktuelle artikel",
    "aktuelle beiträge",
    "aktuelle meldungen",
    "neueste",
    "neuste",
    "empfehlungen der redaktion",
    "empfehlungen aus der redaktion",
    "empfohlene",
    "vorheriger",
    "nächster artikel",
    "nächster beitrag",
    "vorschau auf den nächsten",
    "zum thema",
    "lire aussi",
    "lire la suite",
    "lire également",
    "à lire",
    "À lire",
    "à voir aussi",
    "À voir aussi",
    "voir aussi",
    "sur le même",
    "dans la même",
    "articles liés",
    "articles similaires",
    "articles récents",
    "articles les plus",
    "les plus lus",
    "lea también",
    "lea más",
    "lea:",
    "lee también",
    "lee más",
    "le puede interesar",
    "te puede interesar",
    "te recomendamos",
    "le recomendamos",
    "puedes ver",
    "puede leer",
    "mira también",
    "mira:",
    "ver también",
    "vea también",
    "vea además",
    "más noticias",
    "más información:",
    "más leíd",
    "lo más",
    "noticias relacionadas",
    "artículos relacionados",
    "temas relacionados",
    "leggi anche",
    "leggi tutto",
    "articoli correlati",
    "potrebbe interessar",
    "ti potrebbe",
    "vedi anche",
    "czytaj także",
    "czytaj też",
    "czytaj również",
    "czytaj więcej",
    "czytaj dalej",
    "przeczytaj",
    "zobacz także",
    "zobacz też",
    "zobacz również",
    "zobacz więcej",
    "warto przeczytać",
    "polecamy",
    "powiązane",
    "leia também",
    "leia mais",
    "saiba mais",
    "veja também",
    "veja mais",
    "notícias relacionadas",
    "lees ook",
    "lees meer",
    "läs även",
    "läs också",
    "läs mer",
    "les også",
    "læs også",
    "читайте также",
    "Читайте также",
    "相关",
    "関連",
});

constexpr auto kAppeals = std::to_array<std::string_view>({
    "subscribe",
    "please subscribe",
    "sign up",
    "follow ",
    "join us",
    "join our",
    "join the",
    "download",
    "get the latest",
    "get our",
    "get more",
    "get daily",
    "never miss",
    "don't miss",
    "don’t miss",
    "for the latest",
    "for more news",
    "to view the full",
    "to read the full",
    "to continue reading",
    "if you’re seeing this",
    "if you're seeing this",
    "first-time subscribers",
    "already a subscriber",
    "like us",
    "stay up to date",
    "stay informed",
    "stay connected",
    "advertise ",
    "send us",
    "want more",
    "enjoyed this",
    "abonnier",
    "jetzt abonnieren",
    "jetzt anmelden",
    "jetzt registrieren",
    "kostenlos registrieren",
    "kostenlos anmelden",
    "melden sie sich",
    "melde dich",
    "folgen sie",
    "folge uns",
    "folgt uns",
    "lust auf mehr",
    "immer auf dem laufenden",
    "sie haben post",
    "keine news",
    "bleiben sie",
    "verpassen sie",
    "wählen sie ihren zugang",
    "suscríb",
    "suscrib",
    "síguenos",
    "siguenos",
    "sigue ",
    "sigue a",
    "únete",
    "Únete",
    "hazte",
    "recibe",
    "descarga",
    "regístrate",
    "abonnez",
    "inscrivez",
    "suivez",
    "recevez",
    "rejoignez",
    "téléchargez",
    "iscriviti",
    "seguici",
    "segui ",
    "ricevi",
    "assine",
    "inscreva",
    "siga ",
    "receba",
    "zapisz się",
    "subskrybuj",
    "dołącz do",
    "obserwuj",
    "polub nas",
    "schrijf je in",
    "abonneer",
    "volg ons",
    "prenumerera",
});

/// What readers are asked to subscribe to, follow or get.
constexpr auto kOffers = std::to_array<std::string_view>({
    "newsletter", "inbox",    "posteingang", " app",       "app.",        "facebook",     "twitter",     "instagram",
    "telegram",   "whatsapp", "youtube",     "linkedin",   "tiktok",      "channel",      "kanal",       "canal",
    "edition",    "e-paper",  "epaper",      "subscriber", "full story",  "full article", "weiterlesen", "weiter:",
    "beneficios", "boletín",  "correo",      "miembro",    "google news", "rss",          "push",        "e-mail-",
    "podcast",    "abo ",     "lettre d",    "alerts",
});

/// Who asks says whose it is, or that it is news.
constexpr auto kOwn = std::to_array<std::string_view>({
    " our ",    " us ",       " us.",       "newsletter",   "inbox",        "posteingang",
    "unser",    " uns ",      " uns!",      "nuestr",       "notre ",       " nos ",
    "nosso",    "nossa",      "nostr",      "nasz",         "latest news",  "latest stories",
    "breaking", "full story", "subscriber", "full article", "weiterlesen",  "lesen sie weiter",
    "exklusiv", "exclusiv",   "lettre d",   "boletín",      "bei whatsapp",
});

constexpr auto kRatings = std::to_array<std::string_view>({
    "rate this",          "rate article",
    "was this article",   "was this page helpful",
    "was this helpful",   "did you find this",
    "how would you rate", "share this",
    "share on",           "tell us what",
    "wie bewerten sie",   "wie hilfreich",
    "wie gefällt",        "fanden sie diesen",
    "war dieser artikel", "war dieser beitrag",
    "hat ihnen dieser",   "hat ihnen der artikel",
    "hat dir der",        "hier können sie den artikel bewerten",
    "artikel bewerten",   "beitrag bewerten",
    "artikel teilen",     "beitrag teilen",
    "was denkst du",      "teilen sie",
    "czy ten artykuł",    "cet article vous a",
    "partager",           "comparte",
    "compartir",          "condividi",
    "compartilh",
});

constexpr auto kComments = std::to_array<std::string_view>({
    "no comment",
    "0 comment",
    "no response",
    "no replies",
    "comments are closed",
    "comments closed",
    "comments off",
    "leave a comment",
    "leave a reply",
    "leave your comment",
    "add a comment",
    "add comment",
    "post a comment",
    "join the conversation",
    "be the first to comment",
    "keine kommentare",
    "noch keine kommentare",
    "kommentare sind geschlossen",
    "kommentare geschlossen",
    "kommentare insgesamt",
    "kommentar schreiben",
    "kommentar hinterlassen",
    "kommentar verfassen",
    "schreibe einen kommentar",
    "hinterlasse eine",
    "kommentieren",
    "aucun commentaire",
    "laisser un commentaire",
    "ajouter un commentaire",
    "sin comentarios",
    "deja un comentario",
    "deja una respuesta",
    "nessun commento",
    "lascia un commento",
    "brak komentarzy",
    "dodaj komentarz",
    "komentarze (",
    "nenhum comentário",
    "deixe um comentário",
    "geen reacties",
    "plaats een reactie",
});

constexpr auto kCredits = std::to_array<std::string_view>({
    "photo:",         "photos:",      "photo by",      "photos by",      "photo credit",
    "photo courtesy", "photograph:",  "photograph by", "picture:",       "image:",
    "images:",        "image by",     "image credit",  "image courtesy", "image illustrative",
    "credit:",        "foto:",        "fotos:",        "foto ©",         "foto von",
    "fotocredit",     "bild:",        "bilder:",       "bild ©",         "bildquelle",
    "bildnachweis",   "bildrechte",   "titelbild",     "titelfoto",      "beitragsbild",
    "symbolbild",     "quelle: foto", "crédit",        "crédits",        "photo ©",
    "imagen:",        "imágenes:",    "fotografía:",   "fot.",           "zdjęcie:",
    "foto di",        "beeld:",
});

constexpr auto kTopics = std::to_array<std::string_view>({
    "filed under", "posted in",        "tagged",    "tags",       "tag:",        "topics:",        "categories:",
    "category:",   "in this article:", "keywords:", "kategorie:", "kategorien:", "abgelegt unter", "veröffentlicht in",
    "schlagwort",  "schlagwörter",     "stichwort", "themen:",    "mots-clés",   "étiquettes",     "catégorie",
    "etiquetas",   "categorías",       "etichette", "tagi:",      "kategoria:",  "trefwoorden",    "taggar",
});

constexpr auto kAuthors = std::to_array<std::string_view>({
    "about the author",
    "about author",
    "about the writer",
    "meet the author",
    "über den autor",
    "über die autor",
    "zum autor",
    "zur autorin",
    "der autor",
    "die autorin",
    "à propos de l'auteur",
    "à propos de l’auteur",
    "sobre el autor",
    "sobre la autora",
    "sobre o autor",
    "sobre a autora",
    "informazioni sull'autore",
    "o autorze",
    "over de auteur",
});

constexpr auto kAdverts = std::to_array<std::string_view>({
    "ad",
    "advert",
    "advertisement",
    "advertising",
    "advertisements",
    "sponsored",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "publicidade",
    "pubblicità",
    "reklama",
    "advertentie",
    "annons",
    "annonce",
    "story continues below",
    "article continues below",
    "scroll to continue",
    "continue reading below",
    "article continues after advertisement",
    "story continues below advertisement",
    "реклама",
    "Реклама",
    "广告",
});

}  // namespace

bool leads_elsewhere(std::string_view text) {
  return starts_with_any(from_first_word(text), kElsewhere);
}

bool asks_reader(std::string_view text) {
  text = from_first_word(text);
  if (text.size() <= kLongestNote && (starts_with_any(text, kRatings) || starts_with_any(text, kComments))) return true;
  if (text.size() > kLongestAppeal) return false;
  // At the start of a sentence: who asks does not tell of someone who subscribes.
  for (std::size_t at = 0; at < text.size();) {
    if (starts_with_any(from_first_word(text.substr(at)), kAppeals))
      return has_any(text, kOffers) && has_any(text, kOwn);
    const std::size_t stop = text.find_first_of(".!?", at);
    if (stop == std::string_view::npos) return false;
    at = stop + 1;
  }
  return false;
}

bool credits_picture(std::string_view text) {
  text = from_first_word(text);
  return text.size() <= kLongestCredit && starts_with_any(text, kCredits);
}

bool claims_rights(std::string_view text) {
  text = base::trim(text);
  if (text.size() > kLongestRights) return false;
  static constexpr auto kStarts = std::to_array<std::string_view>({"©", "&copy;", "(c) ", "copyright"});
  static constexpr auto kClaims = std::to_array<std::string_view>(
      {"all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
       "todos os direitos reservados", "tutti i diritti riservati", "wszelkie prawa zastrzeżone"});
  if (text.size() <= kLongestCredit && starts_with_any(text, kStarts)) return true;
  return has_any(text, kClaims);
}

bool lists_topics(std::string_view text) {
  return starts_with_any(from_first_word(text), kTopics);
}

bool tells_who(std::string_view text) {
  static constexpr auto kBy =
      std::to_array<std::string_view>({"by ", "von ", "por ", "par ", "di ", "door ", "av ", "af ", "autor", "author",
                                       "written by", "posted by", "text:", "redaktion"});
  return starts_with_any(from_first_word(text), kBy);
}

bool tells_when(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!digit(i) || (i > 0 && digit(i - 1))) continue;
    std::size_t end = i;
    while (digit(end)) ++end;
    const std::string_view number = text.substr(i, end - i);
    if (number.size() == 4 && (number.starts_with("19") || number.starts_with("20"))) return true;
    const bool day =
        number.size() <= 2 && end + 1 < text.size() && (text[end] == '.' || text[end] == '/' || text[end] == ':');
    if (day && digit(end + 1)) return true;
  }
  return false;
}

namespace {

/// "3 / 12", "Image 3 of 12".
bool counts_pictures(std::string_view text) {
  int numbers = 0;
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (digit && (i == 0 || text[i - 1] < '0' || text[i - 1] > '9')) ++numbers;
    if ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z') ++letters;
    if (!digit && letters == 0 && text[i] != '/' && text[i] > ' ') return false;
  }
  const bool words = starts_with_ci(text, "image ") || starts_with_ci(text, "photo ") ||
                     starts_with_ci(text, "bild ") || starts_with_ci(text, "foto ");
  return numbers == 2 && (letters == 0 || (words && letters < 10));
}

}  // namespace

bool says_something(std::string_view text) {
  text = base::trim(text);
  if (text.empty() || counts_pictures(text)) return false;
  if (text.find_first_of("0123456789:") != std::string_view::npos) return true;
  for (std::string_view end : {".", "!", "?", ";", "\"", "'", ")", "…", "”", "“", "»", "’", "。", "！", "？"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

bool presents_author(std::string_view text) {
  text = from_first_word(text);
  return text.size() <= kLongestNote && starts_with_any(text, kAuthors);
}

bool labels_advert(std::string_view text) {
  text = from_first_word(text);
  while (!text.empty() && std::string_view(" -:])*.|").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return std::ranges::any_of(kAdverts, [&](std::string_view known) { return base::equals_ci(text, known); });
}

}  // namespace headroom::compress::html
