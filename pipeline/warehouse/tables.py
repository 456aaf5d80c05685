"""The private schema `ingest`: the one definition of its tables, comments included.

Every `_at` column is a TIMESTAMP in UTC without a zone, so that no session setting of an analyst changes a figure;
`warehouse.arrow` converts at the edge. What tells rows apart is marked `key=True`: it is never null, and every write is
a MERGE over a set on it. It is no PRIMARY KEY, on which no correctness would rest (a lakehouse has none): DuckDB's
index doubles the file and trebles the time of an update, and no MERGE or join uses it.
"""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, DateTime, Double, MetaData, String, Table

SCHEMA_VERSION = 2

metadata = MetaData(schema="ingest")


def text(name: str, comment: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, nullable=not key, info={"is_key": key}, comment=comment)


def texts(name: str, comment: str) -> Column[list[str]]:
    return Column(name, ARRAY(String), comment=comment)


def whole(name: str, comment: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=not key, info={"is_key": key}, comment=comment)


def real(name: str, comment: str) -> Column[float]:
    return Column(name, Double, comment=comment)


def flag(name: str, comment: str) -> Column[bool]:
    return Column(name, Boolean, comment=comment)


def instant(name: str, comment: str, *, key: bool = False) -> Column[datetime]:
    return Column(name, DateTime, nullable=not key, info={"is_key": key}, comment=f"{comment} (UTC)")


def day(name: str, comment: str, *, key: bool = False) -> Column[date]:
    return Column(name, Date, nullable=not key, info={"is_key": key}, comment=comment)


schema_version = Table(
    "schema_version",
    metadata,
    whole("version", "Version of this schema", key=True),
    instant("applied_at", "When it was applied"),
    comment="One row per version of the private schema that was applied.",
)

runs = Table(
    "runs",
    metadata,
    text("run_id", "Id of the run", key=True),
    text("kind", "nightly, backfill or retry"),
    text("state", "running, waiting (for a nightly run), done, failed, abandoned (its process was gone)"),
    instant("started_at", "When it began, by the run's clock"),
    instant("finished_at", "When it ended, by the run's clock"),
    instant("window_since", "First instant of a backfill's window"),
    instant("window_until", "First instant after a backfill's window"),
    text("code_version", "Version of the code"),
    text("error", "Why it failed"),
    text("report", "What it did per source, as JSON"),
    comment="One row per run.",
)

sources = Table(
    "sources",
    metadata,
    text("source_id", "Id of the source in the catalogue; the host for a source that a WARC file brought", key=True),
    text("name", "Its name"),
    text("kind", "agency or publisher"),
    text("country", "ISO 3166-1 alpha-2, lower case"),
    text("language", "BCP 47 tag"),
    text("timezone", "IANA name of the clock of its days"),
    text("homepage", "Its home page"),
    comment="One row per publisher or agency that the catalogue has or had.",
)

feeds = Table(
    "feeds",
    metadata,
    text("feed_id", "Id of the feed", key=True),
    text("source_id", "Its source"),
    text("url", "Its address, keys as ${NAME}"),
    text("delivery", "http or folder"),
    text("etag", "Validator of the last good answer (RFC 9110 8.8.3)"),
    text("last_modified", "Validator of the last good answer (RFC 9110 8.8.2)"),
    text("moved_to", "Where a 301 or 308 said that it lives now"),
    instant("last_polled_at", "Last poll"),
    instant("last_ok_at", "Last poll that was answered with a feed or a 304"),
    instant("next_due_at", "Not to be polled before"),
    whole("failures_in_row", "Polls that failed since the last good one"),
    texts("window_ids", "Entry ids of the last good answer, as they stood in it"),
    text("last_digest", "sha256 of the last good answer's body"),
    text("cursor", "Where the next poll goes on: an API's poll token or next page, keys as ${NAME}"),
    comment="One row per feed: its address and its state.",
)

polls = Table(
    "polls",
    metadata,
    text("feed_id", "The feed", key=True),
    instant("polled_at", "When it was asked", key=True),
    text("source_id", "Its source"),
    text("run_id", "The run that asked"),
    text("outcome", "ok, not_modified, failed"),
    whole("status", "HTTP status"),
    whole("entries", "Entries in the answer"),
    whole("new_entries", "Entries that were new"),
    instant("window_since", "The answer showed everything since then; null where it can't be said"),
    flag("is_overlapping", "Shares an entry with the last good answer, or is a 304: nothing was missed between"),
    flag("is_overrun", "Shares none: items are missing"),
    text("capture_id", "The exchange"),
    text("reason", "Code of the failure"),
    text("detail", "The failure in words"),
    instant("repaired_at", "When the site's own listings had all days that an overrun had missed"),
    whole("repair_attempts", "How often they were asked for them"),
    instant("repair_due_at", "Not to be asked before; null, with attempts and no repair: given up"),
    comment="One row per poll of a feed: the evidence of the coverage calendar.",
)

links = Table(
    "links",
    metadata,
    text("feed_id", "The feed", key=True),
    text("url", "The document's address, keys as ${NAME}", key=True),
    text("source_id", "Its source"),
    whole("attempts", "Attempts that failed"),
    instant("next_due_at", "Not to be asked for before"),
    comment="One row per document that a feed's answer named and that is still to be had.",
)

listings = Table(
    "listings",
    metadata,
    text("source_id", "The source", key=True),
    day("date", "The day in the source's time zone", key=True),
    text("url", "The listing", key=True),
    whole("items", "Items that it names for the day, all that it has"),
    instant("listed_at", "When it was read"),
    comment="One row per dated listing (sitemap, archive) and day that it has.",
)

captures = Table(
    "captures",
    metadata,
    text("capture_id", "Id, made of source, feed, url, time, status and digest", key=True),
    text("kind", "feed, page, robots, sitemap, file"),
    text("source_id", "The source that it was fetched for"),
    text("feed_id", "The feed that it was fetched for"),
    text("entry_id", "The entry that it was fetched for"),
    text("url", "The address asked for, keys as ${NAME}"),
    text("final_url", "The address that answered"),
    whole("status", "HTTP status; 200 for a file"),
    text("content_type", "Content-Type"),
    whole("size_bytes", "Size of the decoded body"),
    instant("captured_at", "When the exchange ended"),
    text("digest", "sha256 of the decoded body"),
    text("warc_path", "WARC file, relative to the archive's folder"),
    whole("warc_offset", "Offset of the record in it, in bytes"),
    text("run_id", "The run that fetched it"),
    text("derived_code", "The code that entries were derived by; null: not yet, or nothing to derive them from"),
    comment="One row per exchange in the WARC archive: its index.",
)

files = Table(
    "files",
    metadata,
    text("feed_id", "The drop folder", key=True),
    text("url", "The file", key=True),
    text("stamp", "Size, times of change and number of the file as it was read: unchanged, it is not read again"),
    text("capture_id", "The capture that has its bytes"),
    comment="One row per file of a drop folder that was read, as it was the last time.",
)

entries = Table(
    "entries",
    metadata,
    text("feed_id", "The feed", key=True),
    text("entry_id", "Id of the entry within the feed", key=True),
    text("source_id", "The source"),
    text("wire_id", "The agency's id of the story"),
    whole("version", "The agency's version"),
    instant("version_at", "When the agency made the version"),
    text("url", "The page that it names"),
    text("title", "Title as delivered; null while held and once recalled"),
    text("summary", "Summary as delivered; null while held and once recalled"),
    texts("authors", "Bylines as delivered"),
    text("agency", "Agency as delivered"),
    text("language", "Language as delivered"),
    text("section", "Section as delivered"),
    text("subjects", "Subjects as delivered, as JSON"),
    instant("published_at", "Publication as delivered"),
    text("published_raw", "Publication as the feed wrote it"),
    instant("updated_at", "Last change as delivered"),
    text("status", "usable, embargoed, withheld, canceled"),
    instant("embargo_until", "Not to be published before"),
    text("kind", "text, picture, graphic, video, audio, composite"),
    texts("replaces", "Wire ids of the story's earlier versions, where each version has its own"),
    instant("first_seen_at", "First capture that has it"),
    instant("last_seen_at", "Last capture that has it"),
    text("capture_id", "The last capture that has it"),
    whole("position", "Its position in that capture"),
    instant("changed_at", "First capture that has this title and time of change"),
    flag("has_body", "Whether the feed delivers the text"),
    flag("wants_page", "Whether its page is to be fetched"),
    text("page_capture_id", "The last good capture of its page"),
    instant("page_first_at", "First good capture of its page"),
    instant("page_last_at", "Last good capture of its page"),
    instant("page_tried_at", "Last attempt at its page"),
    text("page_etag", "Validator of its page"),
    text("page_last_modified", "Validator of its page"),
    whole("attempts", "Attempts at its page that failed since the last good one"),
    instant("next_due_at", "Its page is not to be fetched before; null: never again"),
    text("state", "pending, landed, held, failed, gone"),
    text("reason", "Code of the last failure"),
    comment="One row per entry of a feed, as last delivered, with the state of its page: the queue of pages to fetch.",
)

articles = Table(
    "articles",
    metadata,
    text("article_id", "Id, made of source and wire id or canonical URL", key=True),
    text("source_id", "Who ran it"),
    text("current_version_id", "The version that stands; null once recalled or while withheld"),
    instant("first_seen_at", "First capture that has it"),
    instant("last_seen_at", "Last capture that has it"),
    text("status", "usable, withheld, canceled"),
    instant("recalled_at", "First capture of the kill or withhold"),
    text("recall_note", "What the kill said"),
    text("linked_version_id", "The version that topics and story were made of"),
    text("linked_code", "The code, rules and vocabulary that made them"),
    comment="One row per article: what stands.",
)

article_versions = Table(
    "article_versions",
    metadata,
    text("version_id", "Id, made of article, wire version and content", key=True),
    text("article_id", "The article"),
    text("source_id", "The source"),
    text("feed_id", "The feed that brought it"),
    text("entry_id", "The entry that brought it"),
    text("capture_id", "The first capture that has it"),
    whole("position", "Position of the item in that capture"),
    instant("captured_at", "When that was captured"),
    whole("number", "1 for the first version, in the order of the wire's versions, else of capture"),
    text("decision", "new, changed, recalled, refused, superseded"),
    text("reason", "Why"),
    text("url", "Address that answered"),
    text("canonical_url", "Canonical URL"),
    text("wire_id", "The agency's id of the story; where each version has an id of its own, that of the first"),
    whole("wire_version", "The agency's version"),
    instant("version_at", "When the agency made the version"),
    text("status", "usable, withheld, canceled"),
    text("title", "Title; null once recalled"),
    text("summary", "Summary; null once recalled"),
    text("text", "Text, paragraphs parted by an empty line; null once recalled"),
    text("language", "BCP 47 tag; null where it can't be told"),
    texts("authors", "Persons of the byline; where nobody is named, the desk or paper that signs"),
    text("agency", "Agency whose text it is"),
    text("dateline_place", "Place of the dateline"),
    instant("published_at", "Publication; null where only the day is known"),
    day("published_date", "Day of publication in the source's time zone"),
    text("published_kind", "Kind of the date candidate that was chosen"),
    real("published_confidence", "0 to 1"),
    instant("modified_at", "Last change, as the page says"),
    text("section", "Section"),
    text("page_kind", "article, liveblog, gallery, video, paywall, index, error, consent"),
    whole("word_count", "Words of the text"),
    text("subjects", "Subjects and tags as delivered, as JSON"),
    text("note", "Note to editors"),
    instant("embargo_until", "Embargo that had been set"),
    text("code_version", "The code that made it"),
    text("slugline", "Slugline; null once recalled"),
    whole("urgency", "1 (flash) to 9"),
    text("genre", "Genre as delivered"),
    text("credit", "Credit line as delivered"),
    text("rights", "Copyright notice as delivered"),
    text("signal", "What the version does, as the wire says: correction, update, writethru, 1st ld …"),
    text("assumed_timezone", "The zone in which stamps were read that carry none; null where all carry one"),
    text("revision_id", "The agency's id of this version: the story's, or its own where each version has one"),
    instant("last_made_at", "When the wire last sent it as it is; null for what no wire brought"),
    text("kicker", "Kicker over the page's headline; null once recalled"),
    comment="One row per version of an article, refused ones included.",
)

date_candidates = Table(
    "date_candidates",
    metadata,
    text("version_id", "The version", key=True),
    whole("position", "Rank, 0 for the first", key=True),
    text("kind", "feed, jsonld, meta, microdata, time, url, text, dateline, http"),
    text("raw", "As it was written"),
    instant("at", "The instant, where a time is known"),
    day("day", "The day"),
    real("confidence", "0 to 1"),
    text("refused", "Why it can't be"),
    flag("is_chosen", "Whether it was chosen"),
    comment="One row per date that something says a version has.",
)

dropped_blocks = Table(
    "dropped_blocks",
    metadata,
    text("version_id", "The version", key=True),
    whole("position", "Order on the page", key=True),
    text("text", "The line"),
    text("reason", "Why it is not the story's"),
    comment="One row per line of a page that was left out of a version's text.",
)

captions = Table(
    "captions",
    metadata,
    text("version_id", "The version", key=True),
    whole("position", "Order on the page", key=True),
    text("text", "The caption"),
    text("credit", "The credit"),
    text("slug", "The heading that the picture's desk gave it"),
    comment="One row per caption of a picture.",
)

line_sightings = Table(
    "line_sightings",
    metadata,
    text("article_id", "The article", key=True),
    day("month", "First day of the month in which its page was captured", key=True),
    text("line_id", "The line, by its frame", key=True),
    text("source_id", "The source"),
    text("frame", "The line in lower case, dates, clocks, numbers and links marked; null: too long to be learned"),
    text("text", "The line; null: too long to be learned"),
    text("place", "above, inside, below (the story's text), outside (the extraction passed over it)"),
    whole("chars", "Its characters"),
    flag("is_heading", "Whether it is a heading"),
    flag("is_linked", "Whether it is mostly links"),
    day("date", "Day of publication, of capture where that is unknown"),
    instant("captured_at", "When the page was captured; the first capture of the month bears witness"),
    text("capture_id", "That capture"),
    text("code_version", "The code that read it"),
    comment="One row per line of a page that bears witness of what recurs: a few pages of each source and month.",
)

boilerplate = Table(
    "boilerplate",
    metadata,
    text("source_id", "The source", key=True),
    text("line_id", "The line, by its frame", key=True),
    text("frame", "The line in lower case, dates, clocks, numbers and links marked"),
    text("text", "One of its wordings"),
    text("place", "Where evidence has it left out: anywhere, edges (above and below the text); null: it is text"),
    text("reason", "Why"),
    whole("stories", "Stories that have it; a text that ran under several addresses is one"),
    whole("articles", "Articles that have it"),
    whole("days", "Days that have it"),
    whole("above", "Stories that have it above their text"),
    whole("inside", "Stories that have it between their paragraphs"),
    whole("below", "Stories that have it below their text"),
    whole("outside", "Stories around which it stood, passed over by the extraction"),
    whole("headings", "Stories that have it as a heading"),
    whole("linked", "Stories that have it as a link, mostly"),
    whole("wordings", "Wordings of it"),
    real("share", "Share of the source's stories that have it, of those captured while it was about"),
    instant("first_seen_at", "First capture that has it"),
    instant("last_seen_at", "Last capture that has it"),
    text("rules_version", "The rules that decided"),
    comment="One row per line that recurs over a source's stories and was text of one: what is known, what follows.",
)

boilerplate_corrections = Table(
    "boilerplate_corrections",
    metadata,
    text("source_id", "The source", key=True),
    text("line_id", "The line, by its frame", key=True),
    text("frame", "The line in lower case, dates, clocks, numbers and links marked"),
    text("text", "The line as it was given"),
    text("verdict", "keep or drop"),
    instant("corrected_at", "When it was said"),
    comment="One row per line on which an operator said that it is text, or is not: it wins over all evidence.",
)

boilerplate_applied = Table(
    "boilerplate_applied",
    metadata,
    text("source_id", "The source", key=True),
    text("line_id", "The line, by its frame", key=True),
    text("frame", "The line in lower case, dates, clocks, numbers and links marked"),
    text("place", "anywhere or edges"),
    comment="One row per line that is left out of all texts of its source that are stored.",
)

topics = Table(
    "topics",
    metadata,
    text("topic_id", "<scheme>:<code>", key=True),
    text("label", "English label, or the name that a code was delivered with; null where it came bare"),
    text("broader_id", "The broader topic"),
    text("release", "Release of the vocabulary"),
    texts("same_as", "Ids of other schemes that mean it"),
    comment="One row per topic of a vocabulary, or code that was delivered.",
)

tags = Table(
    "tags",
    metadata,
    text("article_id", "The article", key=True),
    text("topic_id", "The topic", key=True),
    text("evidence", "delivered, mapped, publisher, rule", key=True),
    text("detail", "The code, the label or the words that matched"),
    real("confidence", "0 to 1"),
    text("release", "Release of the vocabulary"),
    comment="One row per article, topic and kind of evidence.",
)

signatures = Table(
    "signatures",
    metadata,
    text("article_id", "The article", key=True),
    instant("compare_at", "Publication, else first capture"),
    whole("shingles", "Shingles of the text"),
    texts("bands", "Band hashes of its MinHash, in hexadecimal with the band's number in front"),
    comment="One row per article that is long enough to have near-duplicates.",
)

story_edges = Table(
    "story_edges",
    metadata,
    text("article_a", "The smaller article id", key=True),
    text("article_b", "The larger article id", key=True),
    real("containment", "Share of the smaller's shingles that the larger has"),
    comment="One row per verified pair of near-duplicates.",
)

story_members = Table(
    "story_members",
    metadata,
    text("article_id", "The article", key=True),
    text("story_id", "Smallest article id of the story"),
    real("similarity", "To its nearest in the story; null when it stands alone"),
    comment="One row per article that stands: its story.",
)

lineage = Table(
    "lineage",
    metadata,
    text("copy_article_id", "The article that runs the story", key=True),
    text("article_id", "The agency's article", key=True),
    text("copy_version_id", "The copy's version that was compared"),
    text("version_id", "The agency's version that it is closest to"),
    real("share_of_version", "Share of that version's shingles that the copy has"),
    real("share_of_copy", "Share of the copy's shingles that the version has"),
    texts("evidence", "near_duplicate, canonical_link, credit, byline"),
    comment="One row per copy of an agency's story, kept when the story is recalled: no text, but who ran it.",
)

quarantine = Table(
    "quarantine",
    metadata,
    text("failure_id", "Id", key=True),
    text("stage", "fetch, parse, extract"),
    text("reason", "Code of the reason"),
    text("detail", "The reason in words"),
    text("url", "The address"),
    text("source_id", "The source"),
    text("feed_id", "The feed"),
    text("entry_id", "The entry"),
    text("capture_id", "The raw bytes; null where none came"),
    instant("first_at", "First time"),
    instant("last_at", "Last time"),
    whole("times", "How often, once per instant of the run's clock"),
    instant("resolved_at", "When the item was taken in after all"),
    text("code_version", "The code that failed"),
    comment="One row per item that could not be fetched or read, with where its bytes are.",
)

touched = Table(
    "touched",
    metadata,
    text("article_id", "The article", key=True),
    day("date", "A day of publication that it has or had; 0001-01-01 where none is known", key=True),
    comment="One row per article and day whose public figures are to be made again; emptied once they are published.",
)

snapshots = Table(
    "snapshots",
    metadata,
    text("run_id", "The run that published it", key=True),
    instant("built_at", "When, by the run's clock"),
    text("code_version", "The code"),
    text("rules_version", "Topic rules and vocabulary"),
    whole("articles", "Articles in it"),
    whole("stories", "Stories in it"),
    whole("size_bytes", "Size of the warehouse when it was copied"),
    comment="One row per snapshot that was published.",
)

wire_links = Table(
    "wire_links",
    metadata,
    text("source_id", "The agency", key=True),
    text("wire_id", "Its id of a revision", key=True),
    text("replaces", "Its id of an earlier revision that this one replaces", key=True),
    comment="One row per link between two revisions of a story, where each revision has an id of its own.",
)

recalls = Table(
    "recalls",
    metadata,
    text("article_id", "The article", key=True),
    instant("recalled_at", "First capture of the kill or withhold"),
    text("status", "canceled or withheld"),
    text("note", "What it said"),
    instant("compacted_at", "When its text left the file's freed blocks"),
    comment="One row per article that was recalled: the fact, never the text.",
)

held = Table(
    "held",
    metadata,
    text("capture_id", "The capture that has it", key=True),
    whole("position", "Its position in that capture", key=True),
    text("feed_id", "The feed"),
    text("entry_id", "The entry"),
    text("source_id", "The source"),
    text("status", "embargoed or withheld"),
    instant("embargo_until", "To be taken in from then on; null: until a usable version comes"),
    whole("version", "The agency's version"),
    instant("version_at", "When the agency made the version"),
    comment="One row per item whose text is held: its place in the archive, nothing of its content.",
)
