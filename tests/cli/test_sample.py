"""Whose a data folder is: the sample's invented papers and real ones are never counted together unasked."""

from pathlib import Path

import pytest

from tests.rehearsal import dateline

CATALOGUE = """
[[source]]
id = "one"
name = "One"
kind = "publisher"

[[source.feed]]
url = "http://one.example/rss"
"""


@pytest.fixture
def of_the_sample(tmp_path: Path) -> Path:
    """A data folder in which the sample was run."""
    home = tmp_path / "data" / "sample"
    home.mkdir(parents=True)
    (home / "sources.toml").write_text(CATALOGUE, "utf-8")
    return home.parent


@pytest.mark.parametrize("command", [("nightly",), ("nightly", "--sources", __file__), ("serve",)], ids=" ".join)
def test_real_feeds_are_refused_in_the_sample_s_folder(command, of_the_sample) -> None:
    said = dateline(*command, data=of_the_sample)
    assert (said.code, said.out) == (2, "")
    assert f"{of_the_sample} has the sample wire in it" in said.err
    assert "Set DATELINE_DATA to another folder" in said.err
    assert [path.name for path in of_the_sample.iterdir()] == ["sample"]


@pytest.mark.parametrize("name", ["news.duckdb", "archive"])
def test_the_sample_is_refused_where_other_news_is(name, tmp_path) -> None:
    (tmp_path / name).mkdir()
    said = dateline("nightly", "--sample", data=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "DATELINE_DATA=sample dateline nightly --sample" in said.err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_backfill_beside_the_sample_says_so_and_asks_the_sample_s_catalogue(of_the_sample) -> None:
    said = dateline("backfill", "--since", "2026-03-01", "--dry-run", data=of_the_sample)
    assert (said.code, "invented papers" in said.err) == (0, True)
    assert "one: http://one.example/robots.txt" in said.out
    assert (
        "invented" not in dateline("backfill", "--since", "2026-03-01", "--dry-run", data=of_the_sample / "other").err
    )
