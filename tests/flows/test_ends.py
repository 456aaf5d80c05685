"""How a run that did not come to its end is told of in `ingest.runs`."""

from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.steps.run import open_run
from pipeline.warehouse.arrow import read
from pipeline.warehouse.engine import Warehouse

ENDS = {
    "an error": (ValueError("no such wall"), "ValueError: no such wall"),
    "an error with rows": (ValueError("duplicate key\nrow: The text of a story"), "ValueError: duplicate key"),
    "an error without words": (ValueError(), "ValueError"),
    "a stop by hand": (KeyboardInterrupt(), "stopped from outside (KeyboardInterrupt)"),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_run_that_ends_early_says_why_in_a_line(name: str, tmp_path: Path) -> None:
    raised, told = ENDS[name]
    with pytest.raises(type(raised)), open_run(Settings(tmp_path), "nightly", ()):
        raise raised
    with Warehouse(tmp_path / "warehouse.duckdb", "backfill", now=None) as warehouse, warehouse.begin() as conn:
        assert read(conn, "select state, error from ingest.runs") == [{"state": "failed", "error": told}]
