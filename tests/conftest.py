"""What several rooms share: the sample wire rehearsed once by the real flows. Starting Prefect costs seconds, so the
runs follow each other in one session; tests look at what each of them left.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.home import prepare_prefect
from tests.rehearsal import Again, Later, Rehearsal, dateline, go_on, rehearse


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where Prefect lives in this session; to be asked for before anything imports it."""
    folder = tmp_path_factory.mktemp("prefect")
    before = dict(os.environ)
    for name in before:
        if name.startswith("PREFECT_"):  # a server of the developer's own
            del os.environ[name]
    prepare_prefect(folder)
    yield folder
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def nights(prefect_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Both nights of the sample wire."""
    return rehearse(tmp_path_factory.mktemp("nights"), prefect_home)


@pytest.fixture(scope="session")
def again(nights: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """The command line on both nights' data: the second night once more."""
    said = dateline("nightly", "--sample", data=nights.live)
    return Again(said, Path(shutil.copy(nights.live / "news.duckdb", tmp_path_factory.mktemp("again"))))


@pytest.fixture(scope="session")
def later(nights: Rehearsal, again: Again, tmp_path_factory: pytest.TempPathFactory) -> Later:
    """A third night and a folder's past, in the same warehouse."""
    return go_on(nights.live, tmp_path_factory.mktemp("later"))


@pytest.fixture
def news(nights: Rehearsal) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file of the second night."""
    with duckdb.connect(str(nights.published), read_only=True) as connection:
        yield connection
