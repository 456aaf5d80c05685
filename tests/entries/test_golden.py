"""Golden pairs: each file of tests/golden/<format>/ and, beside it, what it says."""

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.entries.detect import parse_document

_GOLDEN = Path(__file__).parent.parent / "golden"
_FORMATS = (
    "anpa",
    "ap_media",
    "atom",
    "iptc7901",
    "jsonfeed",
    "newsml1",
    "newsml_g2",
    "ninjs",
    "nitf",
    "rdf",
    "reuters_list",
    "ritzau",
    "rss",
    "sitemap",
    "zczc",
)
_USUAL = ("text", "topic")  # kinds of entries and of subjects
_INPUTS = [
    path for name in _FORMATS for path in sorted((_GOLDEN / name).iterdir()) if not path.name.endswith(".expected.json")
]


def shown(value: Any) -> Any:
    """A value as JSON, without the fields that hold nothing or the kind that most are of."""
    if dataclasses.is_dataclass(value):
        fields = {field.name: shown(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: held for name, held in fields.items() if held not in (None, [], *_USUAL) or name == "body"}
    if isinstance(value, tuple):
        return [shown(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("path", _INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_document_says_what_stands_beside_it(path: Path) -> None:
    document = parse_document(path.read_bytes(), url="https://feeds.example/all/feed", timezone="Europe/Berlin")
    expected = path.with_name(f"{path.name}.expected.json")
    assert shown(document) == json.loads(expected.read_text(encoding="utf-8"))
    assert shown(document)["format"] == path.parent.name
