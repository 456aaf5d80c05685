"""Each page of tests/golden/pages beside what is read of it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.articles.extract import extract_page
from pipeline.articles.published import choose_date
from pipeline.types import BadItem, Extraction

PAGES = Path(__file__).parent.parent / "golden" / "pages"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
URLS = {
    "amp_story": "https://amp.paper.example/news/ferry-to-sandhook-runs-again-48213?amp=1",
    "agency_story": "https://www.northgate-courier.example/2024/03/05/harbour-states-storm-warnings/?utm_source=rss",
}


def read(name: str) -> Extraction | BadItem:
    return extract_page(
        (PAGES / f"{name}.html").read_bytes(),
        url=URLS.get(name, f"https://paper.example/news/{name.replace('_', '-')}-12345"),
        content_type="text/html",
        entry=None,
        source_language=None,
        timezone="UTC",
        now=NOW,
    )


def as_json(found: Extraction | BadItem) -> dict[str, object]:
    if isinstance(found, BadItem):
        return {"reason": found.reason, "detail": found.detail}
    chosen, candidates = choose_date(found.dates, now=NOW, timezone="UTC")
    plain = asdict(found) | {
        "blocks": [[block.kind, block.text] for block in found.blocks],
        "dropped": [[line.reason, line.text] for line in found.dropped],
        "captions": [[caption.text, caption.credit, caption.slug] for caption in found.captions],
        "dates": [[c.kind, c.day, c.at, c.confidence, c.refused] for c in candidates],
        "published": [chosen.kind, chosen.day, chosen.at] if chosen else None,
    }
    plain.pop("sightings")  # what is learned of lines has tests of its own
    return json.loads(json.dumps(plain, default=str, ensure_ascii=False))  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_a_page_is_read_as_written_beside_it(name: str) -> None:
    assert as_json(read(name)) == json.loads((PAGES / f"{name}.json").read_text("utf-8"))
