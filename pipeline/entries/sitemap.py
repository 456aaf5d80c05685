"""Sitemaps (sitemaps.org 0.9) with Google's news and image extensions: urlset → entries, sitemapindex → links."""

from pipeline.entries.items import each_once, read_items
from pipeline.entries.links import web_address
from pipeline.entries.markup import spaced_text
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.subjects import distinct, subject_of
from pipeline.entries.xml import Element, child, children, name_of
from pipeline.types import BadItem, Caption, Entry, FeedDocument


def read_sitemap(root: Element, *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The pages that a urlset names, each once, or the sitemaps that a sitemapindex names."""
    if name_of(root) == "sitemapindex":
        links = (web_address(spaced_text(child(part, "loc")), url) for part in children(root, "sitemap"))
        return FeedDocument("sitemap", (), links=tuple(dict.fromkeys(link for link in links if link)))

    def read(page: Element, position: int) -> Entry | BadItem:
        entry = _entry(page, position, url, timezone)
        return entry or BadItem(position, "no_link", "the url element has no loc with an http or https address")

    entries, bad_items = read_items(children(root, "url"), read, max_items)
    return FeedDocument("sitemap", each_once(entries), tuple(bad_items))


def _entry(page: Element, position: int, base: str, timezone: str) -> Entry | None:
    link = web_address(spaced_text(child(page, "loc")), base)
    if link is None:
        return None
    news = child(page, "news")
    published_raw = spaced_text(child(news, "publication_date"))
    keywords = spaced_text(child(news, "keywords")) or ""
    captions = (spaced_text(child(image, "caption")) for image in children(page, "image"))
    return Entry(
        id=link,
        position=position,
        url=link,
        title=spaced_text(child(news, "title")),
        language=spaced_text(child(news, "publication", "language")),
        subjects=distinct([subject_of(name=word) for word in keywords.split(",")]),
        published_at=feed_stamp(published_raw, timezone),
        updated_at=feed_stamp(spaced_text(child(page, "lastmod")), timezone),
        published_raw=published_raw,
        captions=tuple(Caption(text) for text in captions if text),
    )
