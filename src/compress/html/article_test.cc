#include <string>

#include <gtest/gtest.h>

#include "compress/html/html_compressor.h"

namespace headroom::compress {
namespace {

std::string prose(int paragraphs) {
  std::string text;
  for (int i = 0; i < paragraphs; ++i) {
    text += "<p>Keeper " + std::to_string(i) +
            " walked along the dike before dawn, read the gauge at the lower sluice, and wrote the level into the book"
            " that has hung there since the flood.</p>\n";
  }
  return text;
}

std::string teasers(int n) {
  std::string text = "<div class=\"grid\">";
  for (int i = 0; i < n; ++i) {
    const std::string k = std::to_string(i);
    text += "<div class=\"card\"><a href=\"/other" + k + "\"><img src=\"t.jpg\"><h3>Harbour story " + k +
            "</h3></a><p>A line or two about another story of the harbour, number " + k + ".</p></div>";
  }
  return text + "</div>";
}

std::string page(const std::string& body, const std::string& head = {}) {
  return "<html><head><title>Night watch | Delta Post</title>" + head + "</head><body>" + body + "</body></html>";
}
const std::string kArticle = "<meta property=\"og:type\" content=\"article\">";

std::string markdown(const std::string& text, const std::string& question = {}) {
  const auto out = HtmlCompressor().compress({.text = text,
                                              .type = detect::ContentType::kHtml,
                                              .query = {.user = question},
                                              .tokenizer = tokens::o200k_base(),
                                              .id = "0123456789abcdef01234567"});
  return out ? out->text : std::string{};
}

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

TEST(Article, TitleAndHeadingAreSaidOnce) {
  const std::string text = markdown(page("<article><h1>Night watch</h1>" + prose(8) + "</article>", kArticle));
  EXPECT_TRUE(text.starts_with("# Night watch | Delta Post\n")) << text;
  EXPECT_FALSE(has(text, "# Night watch\n"));
}

TEST(Article, OtherStoriesGo) {
  const std::string text = markdown(
      page("<div class=\"post\"><h1>Night watch</h1><p class=\"byline\">By Ada Brook, 3 May</p><div>" + prose(4) +
               "<p><strong>Read more:</strong> <a href=\"/x\">The long winter of the pumps</a></p>" + prose(4) +
               "</div><h2>Related stories</h2>" + teasers(4) + "</div>",
           kArticle));
  EXPECT_TRUE(has(text, "Ada Brook"));
  EXPECT_TRUE(has(text, "Keeper 3"));
  EXPECT_FALSE(has(text, "Harbour story")) << text;
  EXPECT_FALSE(has(text, "long winter"));
  EXPECT_FALSE(has(text, "Related"));
}

TEST(Article, CaptionsAndAuthorsComeBackWhenTheyAreNamed) {
  const std::string text =
      page("<article><h1>Night watch</h1>" + prose(6) +
               "<figure><img src=\"a.jpg\" alt=\"a lantern\"><figcaption>The lantern of Brouwershaven"
               "</figcaption></figure>" +
               prose(3) + "<div class=\"author-box\"><p>Ada Brook keeps bees in Zierikzee.</p></div>" + "</article>",
           kArticle);
  const std::string plain = markdown(text);
  EXPECT_FALSE(has(plain, "Brouwershaven"));
  EXPECT_FALSE(has(plain, "Zierikzee"));
  EXPECT_TRUE(has(markdown(text, "where is the lantern from?"), "Brouwershaven"));
  EXPECT_TRUE(has(markdown(text, "who keeps bees?"), "Zierikzee"));
  EXPECT_TRUE(has(markdown(text, "what does the picture show?"), "a lantern"));
}

TEST(Article, FiguresThatTheTextSpeaksOfStay) {
  const std::string text = markdown(page("<article><h1>Night watch</h1>" + prose(6) +
                                             "<figure><img src=\"a.png\"><figcaption>Figure 2: levels of 1953"
                                             "</figcaption></figure></article>",
                                         kArticle));
  EXPECT_TRUE(has(text, "levels of 1953"));
}

TEST(Article, ListsAndTablesBesideTheRunningTextStay) {
  const std::string text =
      markdown(page("<article><h1>Pea soup</h1><ul class=\"ingredients\"><li>500 g split peas</li><li>2 leeks</li></ul>"
                    "<p>Serves 6</p><div class=\"steps\">" +
                        prose(8) +
                        "</div><div class=\"nutrients\"><span>390 kcal a plate, of which protein 21 g</span>"
                        "</div></article>",
                    kArticle));
  EXPECT_TRUE(has(text, "500 g split peas"));
  EXPECT_TRUE(has(text, "2 leeks"));
  EXPECT_TRUE(has(text, "Serves 6"));
  EXPECT_TRUE(has(text, "390 kcal"));
}

TEST(Article, CommentsBelowAnArticleGoAndThreadsStay) {
  std::string comments = "<div id=\"comments\">";
  for (int i = 0; i < 12; ++i)
    comments += "<div class=\"comment\"><b>reader" + std::to_string(i) + "</b>" + prose(1) + "</div>";
  comments += "</div>";
  const std::string article = "<div class=\"entry\"><h1>Night watch</h1>" + prose(8) + "</div>";
  EXPECT_FALSE(has(markdown(page(article + comments, kArticle)), "reader7"));
  EXPECT_TRUE(has(markdown(page(article + comments, kArticle), "what do the readers say?"), "reader7"));
  EXPECT_TRUE(has(markdown(page("<h1>Which sluice?</h1>" + prose(1) + comments)), "reader7"));
}

TEST(Article, QuestionsWithAnswersAreNoArticles) {
  const std::string text =
      markdown(page("<div id=\"mainbar\"><h1>How do I open a sluice?</h1><div class=\"post question\">" + prose(9) +
                    "</div><div class=\"post answer\"><p>Turn the left wheel.</p></div>"
                    "<div class=\"post answer\"><p>Ask the keeper.</p></div></div>"));
  EXPECT_TRUE(has(text, "Turn the left wheel."));
  EXPECT_TRUE(has(text, "Ask the keeper."));
}

TEST(Article, ProductsKeepTheirPrice) {
  const std::string text = markdown(page(
      "<div itemscope itemtype=\"https://schema.org/Product\"><h1>Brass gauge</h1><form class=\"buy\"><h2>Order</h2>"
      "<span class=\"price\">EUR 84.50</span><span>In stock, 3 days</span><p>" +
      std::string("A gauge of brass for sluices of all sizes, with a scale that stays readable in salt water, and a"
                  " bracket that fits the old masonry. ") +
      "It comes with a certificate of the harbour office, which has tested each one, and with screws of bronze that"
      " do not rust in the lock; the glass can be changed by hand.</p><input name=n><button>Buy</button></form>"
      "<div class=\"description\">" +
      prose(10) + "</div></div>"));
  EXPECT_TRUE(has(text, "EUR 84.50"));
  EXPECT_TRUE(has(text, "In stock, 3 days"));
}

TEST(Article, ASecondCopyGoes) {
  std::string copy = "<div style=\"display:none\" class=\"for-machines\">" + prose(8) + "</div>";
  const std::string text =
      markdown(page("<article><h1>Night watch</h1><div>" + prose(8) + "</div>" + copy + "</article>", kArticle));
  EXPECT_EQ(text.find("Keeper 5"), text.rfind("Keeper 5"));
}

TEST(Article, CardsOfALandingPageStay) {
  const std::string text =
      markdown(page("<main><h1>Harbour office</h1><p>We keep the sluices.</p>" + teasers(6) + "</main>"));
  EXPECT_TRUE(has(text, "Harbour story 5"));
}

TEST(Article, WhatTheSiteAddsToItGoes) {
  const std::string text = markdown(
      page("<article><h1>Night watch</h1>" + prose(3) + "<p><em>Photo: A. Brook / Reuters</em></p>" + prose(2) +
               "<p>Subscribe to our newsletter and get the harbour in your inbox.</p>" + prose(2) +
               "<p>Also: <a href=\"/2024/what-the-harbour-master-saw\">What the harbour master saw that night</a></p>" +
               prose(2) + "<p>Filed under: <a href=\"/tag/dike\">Dikes</a>, <a href=\"/tag/water\">Water</a></p>" +
               "<div><h4>About the author</h4><p>Ada Brook keeps bees.</p></div>" +
               "<p>3 May 2021</p><p>No comments yet.</p></article>",
           kArticle));
  for (const char* gone : {"Reuters", "newsletter", "harbour master", "Filed", "bees", "No comments"})
    EXPECT_FALSE(has(text, gone)) << gone << '\n' << text;
  EXPECT_TRUE(has(text, "Keeper 2") && has(text, "3 May 2021")) << text;
}

TEST(Article, WhatReadsLikeAnAppealButTellsOfTheMatterStays) {
  const std::string channel =
      "<p>Subscribe to our channel with the client of the newsletter service before you start:</p>"
      "<pre>SUBSCRIBE news</pre>";
  EXPECT_TRUE(has(markdown(page("<article><h1>Queues</h1>" + prose(8) + channel + "</article>", kArticle)),
                  "Subscribe to our channel"));
  const std::string told = "<p>Readers were asked to subscribe to our newsletter; nobody knew of any other app.</p>";
  EXPECT_TRUE(has(markdown(page("<article><h1>Night watch</h1>" + prose(8) + told + "</article>", kArticle)),
                  "Readers were asked"));
  const std::string file = "<p>Read it here: <a href=\"/report.pdf\">The full report of the water board</a></p>";
  EXPECT_TRUE(
      has(markdown(page("<article><h1>Night watch</h1>" + prose(8) + file + "</article>", kArticle)), "/report.pdf"));
}

TEST(Article, DatesAndBylinesStayWhateverTheyAreCalled) {
  const std::string text = markdown(
      page("<h1>Night watch</h1><article><div class=\"author-info bio\"><p><a href=\"/ada\">By Ada Brook</a></p>"
           "<time>26 April 2022</time></div>" +
               prose(8) + "<p class=\"postmeta\">Last changed on 3 May 2022</p></article>",
           kArticle));
  EXPECT_TRUE(has(text, "Ada Brook")) << text;
  EXPECT_TRUE(has(text, "26 April 2022")) << text;
  EXPECT_TRUE(has(text, "3 May 2022")) << text;
}

TEST(Article, WhatItsDataAndNamesSayIsBelieved) {
  const std::string body = "<article><h1>Night watch</h1>" + prose(8) + "<p>Photo: A. Brook / Reuters</p></article>";
  EXPECT_TRUE(has(markdown(page(body)), "Reuters"));
  EXPECT_FALSE(has(markdown(page(body, "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\"}</script>")),
                   "Reuters"));
  EXPECT_TRUE(has(markdown(page(body,
                                "<script type=\"application/ld+json\">{\"@type\": \"Article\"}</script>"
                                "<script type=\"application/ld+json\">{\"@type\": \"QAPage\"}</script>")),
                  "Reuters"));
}

TEST(Article, LongTextOfAPublicSiteIsReadAsOne) {
  const std::string body = "<article><h1>Night watch</h1>" + prose(14) + "<p>Photo: A. Brook / Reuters</p></article>";
  const std::string follow = "<div><a href=\"https://www.facebook.com/deltapost\">Follow</a></div>";
  EXPECT_TRUE(has(markdown(page(body)), "Reuters"));
  EXPECT_FALSE(has(markdown(page(body + follow)), "Reuters"));
  EXPECT_TRUE(has(markdown(page(body + follow)), "Keeper 13"));
  // A manual with code may have such links, too.
  EXPECT_TRUE(has(markdown(page(body + "<pre>pump --all</pre>" + follow)), "Reuters"));
}

TEST(Article, ListsOfPagesThatClaimToBeArticlesStayWhole) {
  std::string list = "<main><h1>Harbour news</h1>";
  for (int section = 0; section < 4; ++section)
    list += "<section><h2>Part " + std::to_string(section) + "</h2>" + teasers(3) + "</section>";
  std::string links = "<main><h1>Index of the harbour</h1><p>All that we know.</p>";
  for (int i = 0; i < 30; ++i)
    links += "<div><a href=\"/page" + std::to_string(i) + "\">A long title of page number " + std::to_string(i) +
             "</a></div>";
  const std::string cards = markdown(page(list + "</main>", kArticle));
  const std::string rows = markdown(page(links + "</main>", kArticle));
  EXPECT_TRUE(has(cards, "Part 3") && has(cards, "Harbour story 2")) << cards;
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(has(rows, "page number " + std::to_string(i))) << rows;
}

TEST(Article, TheLastItemOfAListOfPicturesKeepsItsHeading) {
  std::string items;
  for (int i = 1; i < 4; ++i)
    items += "<h2>" + std::to_string(i) + ". Lantern of ship " + std::to_string(i) +
             "</h2><figure><img src=\"a.jpg\"><figcaption>From the harbour office</figcaption></figure>";
  const std::string text = markdown(page("<article><h1>Lanterns</h1>" + prose(8) + items + "</article>", kArticle));
  EXPECT_TRUE(has(text, "3. Lantern of ship 3")) << text;
}

TEST(Article, SomeoneToAskStaysAfterALabel) {
  const std::string text =
      markdown(page("<article><h1>Night watch</h1>" + prose(8) +
                        "<h3>Read more</h3><div><h4>Press office</h4>"
                        "<a href=\"tel:030652\">030 652</a> <a "
                        "href=\"mailto:post@delta.example\">post@delta.example</a></div></article>",
                    kArticle));
  EXPECT_TRUE(has(text, "030 652")) << text;
}

TEST(Article, RightsAndAuthorsThatADocumentIsAboutStay) {
  const std::string text = markdown(page("<div id=\"content\"><h1>Licence</h1>" + prose(10) +
                                         "<p>Copyright 2019 Ada Brook. All rights reserved.</p>"
                                         "<div><h3>About the author</h3><p>Ada Brook keeps bees.</p></div></div>"));
  EXPECT_TRUE(has(text, "Copyright 2019") && has(text, "keeps bees")) << text;
}

}  // namespace
}  // namespace headroom::compress
