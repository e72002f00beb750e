#!/usr/bin/env python3
"""Writes tests/tokens/golden.jsonl: texts and the ids that tiktoken gives them, for tests that have no tiktoken at hand.

    pip install tiktoken==0.14.0 && python3 tests/tokens/make_golden.py > tests/tokens/golden.jsonl

One JSON object a line: {"text", "o200k_base", "cl100k_base"}. A text of many repeats is {"unit", "times", ...} with only the
first and last ids and their number.
"""

import json
import os

import compare_tiktoken

TEXTS = [
    "",
    " ",
    "a",
    "\n",
    "\r\n",
    "  \n  \n\n x",
    "\t\tif (x) {\r\n\t\t}\r\n",
    "a  b   c    d",
    "trailing   ",
    "trailing\n\n",
    "\u00a0\u00a0x \u3000y\u2028z\u0085w",
    "a\x00b\x00\x00",
    "\ufeffbom",
    "x\u200by\u200dz",
    # code
    "def f(x: int) -> list[int]:\n    return [y ** 2 for y in range(x) if y % 3 != 0]  # squares\n",
    "#include <vector>\nstd::vector<std::unique_ptr<Foo>> v{};\nfor (auto&& p : v) p->run(0x1Fu, 3.14e-5f);\n",
    'package main\n\nfunc main() {\n\tif err := run(); err != nil {\n\t\tlog.Fatalf("run: %v", err)\n\t}\n}\n',
    "impl<'a, T: Clone + 'static> Iterator for Foo<'a, T> { fn next(&mut self) -> Option<Self::Item> { self.it.next()?; } }",
    "const f = async ({a, ...rest}) => { await fetch(`/api/${a}?x=${rest.x ?? 1}`); /* don't */ };\n",
    'public static void main(String[] args) throws IOException { System.out.println("I\'m here"); }',
    "SELECT u.id, COUNT(*) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.name LIKE '%O''Brien%' GROUP BY 1;",
    "$ find . -name '*.log' -mtime +7 -print0 | xargs -0 rm -f 2>/dev/null || echo \"nothing\"",
    "module M where\nfoldr' :: (a -> b -> b) -> b -> [a] -> b\nx' = y'' <> z'll",
    "(defn f [x] (->> x (map inc) (filter even?)))  ; comment",
    '<div class="a b"><p>R&amp;D</p></div><!-- x -->',
    "%PDF-1.4 %\u00e2\u00e3\u00cf\u00d3",
    "https://example.com/a/b?c=d&e=%20f#g//h",
    "//////\n//////",
    "!!!\n/\n/x",
    "...///\r\n/",
    # logs and data
    "2024-05-21T10:00:00.123Z ERROR [worker-7] c.e.Handler - timeout after 3000ms id=9f86d081884c7d65 ip=10.0.0.1\n",
    "Traceback (most recent call last):\n  File \"/srv/app.py\", line 42, in <module>\n    main()\nKeyError: 'id'\n",
    '{"id": 12345678, "name": "Jos\u00e9", "tags": ["a", "b"], "x": null, "pi": -3.14159e+10}',
    '[{"a":1},{"a":2}]\n' * 3,
    "a,b,c\n1,2,3\n4,,6\n",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "SGVsbG8sIFdvcmxkISBUaGlzIGlzIGJhc2U2NA==",
    "1 12 123 1234 12345 1234567890 1,234.56 0b1010 0xDEADBEEF",
    "\u0661\u0662\u0663\u0664 \u2160\u2161 \u00bd\u00b2 \u0967\u0968\u0969\u096a \U0001d7d8\U0001d7d9\U0001d7da\U0001d7db",
    # prose in many scripts
    "The quick brown fox can't jump over the lazy dog's back, and it won't try; they'd've known.",
    "Falsches \u00dcben von Xylophonmusik qu\u00e4lt jeden gr\u00f6\u00dferen Zwerg. STRASSE Stra\u00dfe",
    "Voix ambigu\u00eb d\u2019un c\u0153ur qui, au z\u00e9phyr, pr\u00e9f\u00e8re les jattes de kiwis.",
    "\u0421\u044a\u0435\u0448\u044c \u0436\u0435 \u0435\u0449\u0451 \u044d\u0442\u0438\u0445 \u043c\u044f\u0433\u043a\u0438\u0445 \u0444\u0440\u0430\u043d\u0446\u0443\u0437\u0441\u043a\u0438\u0445 \u0431\u0443\u043b\u043e\u043a.",
    "\u039e\u03b5\u03c3\u03ba\u03b5\u03c0\u03ac\u03b6\u03c9 \u03c4\u1f74\u03bd \u03c8\u03c5\u03c7\u03bf\u03c6\u03b8\u03cc\u03c1\u03b1 \u03b2\u03b4\u03b5\u03bb\u03c5\u03b3\u03bc\u03af\u03b1.",
    "\u4eba\u4eba\u751f\u800c\u81ea\u7531\uff0c\u5728\u5c0a\u4e25\u548c\u6743\u5229\u4e0a\u4e00\u5f8b\u5e73\u7b49\u3002",
    "\u3044\u308d\u306f\u306b\u307b\u3078\u3068 \u30c1\u30ea\u30cc\u30eb\u30f2 \u6771\u4eac\u30bf\u30ef\u30fc",
    "\ubaa8\ub4e0 \uc778\uac04\uc740 \ud0dc\uc5b4\ub0a0 \ub54c\ubd80\ud130 \uc790\uc720\ub85c\uc6b0\uba70",
    "\u064a\u0648\u0644\u062f \u062c\u0645\u064a\u0639 \u0627\u0644\u0646\u0627\u0633 \u0623\u062d\u0631\u0627\u0631\u064b\u0627",
    "\u05db\u05dc \u05d1\u05e0\u05d9 \u05d0\u05d3\u05dd \u05e0\u05d5\u05dc\u05d3\u05d5",
    "\u0938\u092d\u0940 \u092e\u0928\u0941\u0937\u094d\u092f\u094b\u0902 \u0915\u094b",
    "\u09b8\u09ae\u09b8\u09cd\u09a4 \u09ae\u09be\u09a8\u09c1\u09b7",
    "\u0e21\u0e19\u0e38\u0e29\u0e22\u0e4c\u0e17\u0e31\u0e49\u0e07\u0e2b\u0e25\u0e32\u0e22\u0e40\u0e01\u0e34\u0e14\u0e21\u0e32",
    "\u10d7\u10d5\u10d4\u10da\u10d0 \u10d0\u10d3\u10d0\u10db\u10d8\u10d0\u10dc\u10d8",
    "\u12e8\u1230\u12cd \u120d\u1305",
    "T\u1ea5t c\u1ea3 m\u1ecdi ng\u01b0\u1eddi sinh ra \u0111\u1ec1u \u0111\u01b0\u1ee3c t\u1ef1 do",
    "\u01c5ungla \u01c6 \u01c4 \u02b0a \u00aa\u00ba",
    "e\u0301 E\u0301 \u0301A \u0301a \u4e2dA\u4e2d aB\u4e2dc",
    "H\u0335e\u0335l\u0335l\u0335o",
    "\uff28\uff45\uff4c\uff4c\uff4f\u3000\uff11\uff12\uff13\uff14",
    # emoji
    "\U0001f600\U0001f601 \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea \u2764\ufe0f 1\ufe0f\u20e3 \U0001f44d\U0001f3fd!",
    # contractions
    "I'm you're he's we'll they'd I've don't",
    "I'M YOU'RE HE'S WE'LL THEY'D I'VE DON'T",
    "he'\u017f it'\u212a x'\u017fy '\u017f",
    "rock'n'roll 'tis o'clock 's 'S ''s",
    # special tokens are plain text
    "<|endoftext|><|im_start|>system<|im_end|> <|fim_prefix|><|endofprompt|><|return|>",
    # private use, unassigned, the last code point
    "\ue000\uf8ff \u0378 \uffff \U0010ffff \U000e0001",
]
RUNS = [
    ("a", 1000),
    (" ", 1000),
    ("\n", 1000),
    ("ab", 700),
    ("0", 1000),
    ("=", 300),
    ("-", 77),
    ("\t", 130),
    ("\U0001f600", 200),
    ("\u4f60\u597d", 300),
    ("aB", 500),
    ("\r\n", 200),
    (" \n", 200),
    ("z", 65),
    ("xyz", 22),
    ("\u0e21\u0e19\u0e38", 90),
    ("A", 64),
    ("'s", 100),
]


def main():
    ranks = os.path.join(compare_tiktoken.ROOT, ".deps", "ranks")
    encodings = {name: compare_tiktoken.official(name, ranks) for name in compare_tiktoken.ENCODINGS}
    for text in TEXTS:
        print(json.dumps({"text": text} | {name: e.encode_ordinary(text) for name, e in encodings.items()}))
    for unit, times in RUNS:
        row = {"unit": unit, "times": times}
        for name, encoding in encodings.items():
            ids = encoding.encode_ordinary(unit * times)
            row[name] = {"count": len(ids), "first": ids[:5], "last": ids[-5:]}
        print(json.dumps(row))


main()
