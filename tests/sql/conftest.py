"""Four builds by the real dbt, shared: a first, the night after, the same in full, and one that must fail."""

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import ModelsFailed
from pipeline.publish.models import ModelsResult, run_models
from pipeline.publish.snapshot import publish_snapshot
from tests.sql.world import World, changed_world, create_warehouse, first_world, touched, write_world

PROJECT = Path(__file__).parents[2] / "sql"


@dataclass(frozen=True)
class Nights:
    """Two nights, and what they left."""

    folder: Path
    first: ModelsResult
    second: ModelsResult
    lines: tuple[str, ...]  # of the second
    first_published: Path
    published: Path
    warehouse: Path


def facts(run_id: str) -> dict[str, str]:
    """The environment of a run."""
    return os.environ | {
        "DATELINE_RUN_ID": run_id,
        "DATELINE_NOW_AT": "2026-05-01 02:00:00" if run_id == "first" else "2026-05-02 02:00:00",
        "DATELINE_CODE_VERSION": "1.0",
        "DATELINE_RULES_VERSION": "rules-1",
    }


def build(folder: Path, published: Path | None, run_id: str, lines: list[str] | None = None) -> ModelsResult:
    return run_models(
        folder / "warehouse.duckdb",
        published,
        project=PROJECT,
        target=folder / "dbt",
        environ=facts(run_id),
        on_line=lines.append if lines is not None else None,
    )


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("nights")
    warehouse, published = folder / "warehouse.duckdb", folder / "news.duckdb"
    chance = random.Random(20260413)
    before = first_world(chance)
    after = changed_world(before, chance)
    create_warehouse(warehouse)
    write_world(warehouse, before, touched(World(), before))
    first = build(folder, published, "first")
    publish_snapshot(warehouse, published)
    first_published = Path(shutil.copy(published, folder / "first.duckdb"))
    write_world(warehouse, after, touched(before, after))
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("insert into ingest.snapshots (run_id) values ('first')")
    lines: list[str] = []
    second = build(folder, published, "second", lines)
    publish_snapshot(warehouse, published)
    return Nights(folder, first, second, tuple(lines), first_published, published, warehouse)


@pytest.fixture(scope="session")
def full(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second night's warehouse, built in full, with the unit tests of the models."""
    folder = tmp_path_factory.mktemp("full")
    warehouse = Path(shutil.copy(nights.warehouse, folder / "warehouse.duckdb"))
    environment = {
        **facts("second"),
        "DO_NOT_TRACK": "1",
        "DBT_TARGET_PATH": str(folder / "dbt"),
        "DBT_LOG_PATH": str(folder / "dbt"),
        "DATELINE_WAREHOUSE": str(warehouse),
        "DATELINE_PUBLISHED": str(nights.first_published),
    }
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build", "--full-refresh"]
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    done = subprocess.run([*command, *folders], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return warehouse


@pytest.fixture(scope="session")
def failure(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> ModelsFailed:
    """What a build says after an article was changed without being touched."""
    folder = tmp_path_factory.mktemp("failing")
    shutil.copytree(nights.folder, folder, dirs_exist_ok=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("update ingest.story_members set story_id = 'elsewhere' where article_id = 'a0007'")
        connection.execute("delete from ingest.touched")
    with pytest.raises(ModelsFailed) as raised:
        build(folder, None, "third")
    assert not (folder / "dbt" / "complete").exists()
    return raised.value
