"""Dateline: feeds go in; clean, dated, de-duplicated, versioned articles and topic series come out.

The path, which a nightly run, a backfill and a replay share:

    captures  = collect(feeds_due)          bytes into the WARC archive, an index row for each
    entries   = derive(captures)            what the feeds say; wire items become articles at once
    captures  = collect(pages_due)          the pages that the entries name
    revisions = derive(captures)            new, changed, recalled or refused versions of articles
    link(articles)                          topics, near-duplicates, stories
    publish(run)                            SQL models, their tests, news.duckdb replaced, report.html
"""

__version__ = "0.1.0"
