from pathlib import Path

import pytest

from pipeline.catalogue import folder_source
from pipeline.errors import CatalogueError
from pipeline.types import Delivery, Feed, Source


def test_a_folder_that_the_catalogue_has_is_read_as_its_source(tmp_path: Path) -> None:
    drop = Feed("mna/drop", "mna", str(tmp_path), delivery=Delivery.FOLDER, format="ninjs")
    mna = Source(
        "mna", "MNA", "agency", timezone="Europe/Rome", feeds=(drop, Feed("mna/web", "mna", "https://m.example/"))
    )
    found = folder_source(tmp_path, [mna])
    assert (found.id, found.timezone, found.feeds) == ("mna", "Europe/Rome", (drop,))


@pytest.mark.parametrize(
    ("name", "source_id"), [("reuters21578", "reuters21578"), ("Agência Sul 2024", "agencia-sul-2024")]
)
def test_another_folder_is_an_agency_of_its_name(tmp_path: Path, name: str, source_id: str) -> None:
    found = folder_source(tmp_path / name, [])
    assert (found.id, found.kind, found.feeds[0].delivery) == (source_id, "agency", Delivery.FOLDER)


def test_a_name_that_gives_no_id_is_told() -> None:
    with pytest.raises(CatalogueError, match="no source id"):
        folder_source(Path("/…"), [])
