"""What Dateline reads of each wire file of a folder, as a Markdown table: `python benchmarks/wires.py FOLDER [ZONE]`.

The table of docs/wires.md was made with it; read it beside the files. Stamps without a zone are of ZONE, by default
UTC. The place is what the item gives, else what its text begins with, as in an article.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.articles.wire import place_name, read_dateline
from pipeline.entries.detect import parse_document
from pipeline.types import BadItem, Entry, Subject

_HEAD = ("file", "format", "id", "version", "status", "embargo", "headline", "place", "subjects", "body")
_TITLE_CHARS = 60
_URL = "https://wire.example/rmd/items?token=${TOKEN}"


def main() -> None:
    folder, zone = Path(sys.argv[1]), (sys.argv[2] if len(sys.argv) > 2 else "UTC")
    rows = [row for path in sorted(folder.iterdir()) if path.is_file() for row in rows_of(path, zone)]
    for row in (_HEAD, ("---",) * len(_HEAD), *rows):
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")


def rows_of(path: Path, zone: str) -> Iterator[tuple[str, ...]]:
    """A row for each item, for each that could not be read, and for what a list names."""
    document = parse_document(path.read_bytes(), url=_URL, timezone=zone)
    if isinstance(document, BadItem):
        yield (path.name, "–", f"{document.reason}: {document.detail}", *("",) * 7)
        return
    for entry in document.entries:
        yield (path.name, document.format, *cells_of(entry))
    for bad in document.bad_items:
        yield (path.name, document.format, f"item {bad.position}: {bad.reason}, {bad.detail}", *("",) * 7)
    if not document.entries and document.links:
        yield (path.name, document.format, f"{len(document.links)} items to fetch", *("",) * 7)


def cells_of(entry: Entry) -> tuple[str, ...]:
    written = read_dateline(entry.body[0].text) if entry.body else None
    return (
        entry.wire_id or f"({entry.id})",
        "" if entry.version is None else str(entry.version),
        entry.status.value,
        f"{entry.embargo_until:%Y-%m-%dT%H:%MZ}" if entry.embargo_until else "",
        shortened(entry.title or ""),
        (place_name(entry.dateline_place) if entry.dateline_place else written.place if written else None) or "",
        f"{len(entry.subjects)}: {named(entry.subjects[0])}" if entry.subjects else "",
        ends_of(entry),
    )


def shortened(title: str) -> str:
    return title if len(title) <= _TITLE_CHARS else title[: _TITLE_CHARS - 1].rstrip() + "…"


def named(subject: Subject) -> str:
    code = ":".join(filter(None, (subject.scheme, subject.code)))
    return " ".join(filter(None, (code, subject.name)))


def ends_of(entry: Entry) -> str:
    """The first and the last three words of the body; the kind of an item that is no text."""
    if not entry.body:
        return f"({entry.kind})" if entry.kind != "text" else "(elsewhere)" if entry.body is None else "(none)"
    words = " ".join(block.text for block in entry.body).split()
    return " ".join(words) if len(words) <= 6 else f"{' '.join(words[:3])} … {' '.join(words[-3:])}"


if __name__ == "__main__":
    main()
