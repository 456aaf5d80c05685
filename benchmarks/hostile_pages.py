"""Pages that are made to break an extractor, each under the name of what it has too much of."""

import gzip
import json
import random
from collections.abc import Callable

SENTENCE = "The council of Northgate voted on Monday to rebuild the wall of its harbour, which the storm broke. "

Pages = dict[str, Callable[[], str | bytes]]


def paragraphs(count: int) -> str:
    """So many, each unlike the others."""
    return "".join(
        f"<p>{number}. {SENTENCE}{SENTENCE.replace('wall', f'wall {number}')}</p>" for number in range(count)
    )


STORY = paragraphs(5)
LAST = "4. The council of Northgate"  # words of its last paragraph


def page(inside: str, head: str = "", title: str = "The wall") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>The wall</h1>{inside}</article></body></html>"
    )


def spread(tags: int, attributes: int, value: str = "") -> str:
    """So many tags with so many attributes each."""
    tag = " ".join(f"a{number}{value}" for number in range(attributes))
    return page(f"<p {tag}>{SENTENCE}</p>" * tags + STORY)


def nested(tag: str, times: int = 100_000) -> str:
    return page(f"<{tag}>" * times + STORY + f"</{tag}>" * times)


def within(element: str, filling: str, times: int) -> str:
    """A story with one more element that holds the filling so many times."""
    return page(f"<{element}>{filling * times}</{element.split()[0]}>{STORY}")


def beside(filling: str, times: int) -> str:
    """A story and then the filling so many times, in sections: no element holds too many others."""
    return page(STORY + sections(filling, times))


def sections(filling: str, times: int) -> str:
    return f"<section>{filling * 1_000}</section>" * (times // 1_000)


def said(name: str, value: str) -> str:
    return page(STORY, f'<meta property="{name}" name="{name}" content="{value}">')


def data(value: str) -> str:
    return page(STORY, f'<script type="application/ld+json">{value}</script>')


SIZE: Pages = {
    "empty": lambda: b"",
    "40 MB": lambda: page(paragraphs(180_000)),
    "24 MB of script": lambda: page(f"<script>{'var a = 1; ' * 2_200_000}</script>{STORY}"),
    "20 MB in 90,000 paragraphs": lambda: page(paragraphs(90_000)),
    "20 MB in 45,000 paragraphs": lambda: page(paragraphs(45_000).replace("council", "council " * 15)),
    "950,000 characters in 4,500 paragraphs": lambda: page(paragraphs(4_500)),
    "950,000 characters in one paragraph": lambda: page(f"<p>{SENTENCE * 9_500}</p>" + STORY),
    "10 MB in one line": lambda: page(f"<p>{SENTENCE * 99_000}</p>" + STORY),
    "9 MB in one word": lambda: page(f"<p>{'a' * 9_000_000}</p>" + STORY),
    "the same line 45,000 times": lambda: beside("<p>The same line.</p>", 45_000),
    "9,000 lines of two letters": lambda: page(STORY + "".join(f"<p>{n:x}</p>" for n in range(9_000))),
    "all in one line": lambda: page(STORY * 40),
    "5 M entities": lambda: within("p", "&#x1;", 4_990_000),
    "1 MB of <": lambda: page("<" * 1_000_000 + STORY),
    "99,000 <": lambda: page("<b <" * 49_000 + STORY),
    "300,000 marks on a letter": lambda: within("p", "\u0315\u0300", 150_000),
}
MARKUP: Pages = {
    **{f"100,000 nested {tag}": lambda tag=tag: nested(tag) for tag in ("div", "span", "table", "b")},  # type: ignore[misc]
    "45,000 nested b": lambda: nested("b", 45_000),
    "48,000 b that nothing closes": lambda: page(STORY + "<p><b>x" * 48_000),
    "200 nested div around 20,000 lines": lambda: page(
        "<div>" * 200 + sections("<p>A line of it.</p>", 20_000) + "</div>" * 200 + STORY
    ),
    "45,000 lines side by side": lambda: page("<p>A line of it.</p>" * 45_000 + STORY),
    "1,000,000 attributes on a tag": lambda: spread(1, 1_000_000),
    "1,000,000 attributes on a tag, > in each": lambda: spread(1, 1_000_000, "='>'"),
    "1,000,000 attributes of one name": lambda: page(f"<p {'a=1 ' * 1_000_000}>{SENTENCE}</p>{STORY}"),
    "1,000,000 attributes on 1,000 tags": lambda: spread(1_000, 1_000),
    "180,000 attributes in less than a megabyte": lambda: spread(900, 200),
    "4,800,000 attributes on 9,900 tags": lambda: spread(9_900, 485),
    "a class of 10 MB": lambda: page(f"<p class='{'name ' * 2_000_000}'>{SENTENCE}</p>{STORY}"),
    "a class of 19,000 characters around 20,000 lines": lambda: page(
        f"<div class='{'name ' * 3_800}'>{sections('<p>A line of it.</p>', 20_000)}</div>{STORY}"
    ),
    "200,000 links": lambda: beside("<a href='/wall'>The wall again</a> ", 200_000),
    "40,000 links": lambda: beside("<a href='/wall'>The wall again</a> ", 40_000),
    "20,000 headings": lambda: beside("<h1>The wall again</h1>", 20_000),
    "10,000 articles": lambda: beside("<article><h2><a href='/a'>Wall</a></h2><p>A line of it.</p></article>", 10_000),
    "10,000 captions": lambda: beside("<figure><img src=a><figcaption>Photo: A. Smith</figcaption></figure>", 10_000),
    "20,000 dates": lambda: beside("<time>1 May 2024</time><p class=date>1 May 2024</p>", 20_000),
    "20,000 scripts": lambda: beside('<script type="application/ld+json">{"@type":"NewsArticle"}</script>', 20_000),
    "30,000 cells": lambda: within("table", "<tr><td>1<td>2<td>3", 10_000),
    "40,000 br": lambda: beside("A line of it.<br>", 40_000),
    "9,900 texts between empty elements": lambda: within("p", "<b></b>" + SENTENCE, 9_900),
    "9,900 words for screen readers": lambda: within("p", "<span class='sr-only'>x</span>" + SENTENCE, 9_800),
}
SAYS: Pages = {
    "a 2 MB title": lambda: page(STORY, title="The wall - " * 180_000),
    "a 2 MB og:title": lambda: said("og:title", "The wall | " * 180_000),
    "a 2 MB headline": lambda: data(json.dumps({"@type": "NewsArticle", "headline": "wall " * 390_000})),
    "a 2 MB author": lambda: said("author", "By and, " * 250_000),
    "a 2 MB list of tags": lambda: said("keywords", "wall, " * 330_000),
    "a 2 MB date": lambda: said("article:published_time", "2024-01-01 " * 180_000),
    "a 5 MB JSON-LD": lambda: data(json.dumps([{"@type": "NewsArticle", "headline": SENTENCE}] * 40_000)),
    "a JSON-LD of 50,000 nodes": lambda: data(json.dumps([{"@type": "NewsArticle", "@id": n} for n in range(50_000)])),
    "a JSON-LD 100,000 deep": lambda: data("[" * 100_000),
    "a JSON-LD that is none": lambda: data('"headline":"' * 150_000),
    "a JSON-LD of references": lambda: data(
        json.dumps([{"@id": "a"} | {f"{n}": n for n in range(9_000)}, {"author": [{"@id": "a"}] * 120_000}])
    ),
    "a state of 90,000 paragraphs": lambda: page(f"<script>'{'<p>The wall' * 90_000}'</script>"),
    "8 states of escapes": lambda: page(
        "<p>The wall.</p>" + ("<script>'\\u003cp\\u003e" + "\\u0041" * 480_000 + "'</script>") * 8
    ),
}
# Aimed at the patterns of `articles`, `dates` and `text`.
PATTERNS: Pages = {
    "spaces": lambda: page(f"<p>{'a' + ' ' * 900_000 + 'b'}</p>{STORY}", title="a" + " " * 900_000 + "b"),
    "spaces in a tag": lambda: page(f"<p {'a ' + ' ' * 4_000_000}=1>{SENTENCE}</p>{STORY}"),
    "spaces in the root": lambda: "<html" + " " * 4_000_000 + page(STORY),
    "spaces behind a JSON-LD": lambda: data("{} -->" + " " * 1_900_000 + "x"),
    "apostrophes": lambda: within("p", "a'", 400_000),
    "capitals": lambda: page(f"<p>{'A.' * 200_000}</p><p>{'AB ' * 200_000}</p>{STORY}"),
    "a dateline of hyphens": lambda: page(f"<p>{'WALL-' * 100_000}</p>{STORY}"),
    "a credit of brackets": lambda: within("figcaption", "(Photo AP ", 80_000),
    "a credit of capitals": lambda: within("figcaption", ". A via ", 100_000),
    "a credit of photos": lambda: within("figcaption", "photo by ", 90_000),
    "dates in a line": lambda: within("p class=date", "12 May 12 ", 80_000),
    "digits": lambda: within("p class=date", "1.", 400_000),
    "a class of tags": lambda: within(f"p class='{'tag-' * 4_000}'", SENTENCE, 20),
    "a class of comments": lambda: within(f"p class='{'comment' * 2_500}'", SENTENCE, 20),
    "a byline of a long word": lambda: page(f"<p>By {'a' * 55}{' b' * 14}</p>{STORY}"),
    "bylines of mail addresses": lambda: page(STORY, f"<meta name=author content='{'@' * 500}'>" * 20),
    "authors to write to": lambda: beside(f"<p>{'follow ' * 20}{'a@' * 80}</p>", 3_000),
    "newsletters": lambda: beside(f"<p>{'subscribe ' * 30}</p>", 3_000),
    "names": lambda: page(f"<p>By {'Anna Meier and ' * 50_000}</p>{STORY}"),
    "quotation marks": lambda: within("p", "wall.”", 150_000),
    "a title of dividers": lambda: page(STORY, title="a : " * 100_000),
}
BYTES: Pages = {
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20_000,
    "random bytes": lambda: random.Random(1).randbytes(1_000_000),
    "gzip": lambda: gzip.compress(page(STORY).encode()),
    "UTF-16 without a mark": lambda: page(STORY).encode("utf-16-le"),
    "UTF-32": lambda: page(STORY).encode("utf-32"),
    "UTF-8 that says Shift JIS": lambda: page("<p>Größer als zuvor.</p>" + STORY, "<meta charset=shift_jis>"),
    "windows-1252 that says UTF-8": lambda: page("<p>Größer.</p>" + STORY, "<meta charset=utf-8>").encode("cp1252"),
    "5 MB of NUL": lambda: page(STORY).encode() + b"\x00" * 5_000_000,
    "cut within a tag": lambda: page(STORY).encode()[:-30] + b"<p class='wal",
    "cut within a comment": lambda: page(STORY) + "<!-- " + "-" * 3_000_000,
    "cut within a script": lambda: page(STORY) + "<script>" + "'<p>" * 90_000,
    "cut within a value": lambda: page(STORY) + "<p a='" + "<p b=" * 90_000,
    "90,000 comments": lambda: page("<!-- a -->" * 90_000 + STORY),
    "CDATA and declarations": lambda: page("<![CDATA[<!x<?y" * 30_000 + STORY),
}
HOSTILE: Pages = SIZE | MARKUP | SAYS | PATTERNS | BYTES
