"""Reading what dbt left, and what is said where it left nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import ModelsFailed
from pipeline.publish.models import Node, project_digest, read_results, run_models


def test_results_tell_models_from_tests(tmp_path):
    report = {
        "elapsed_time": 1.5,
        "results": [
            {"unique_id": "model.dateline.articles", "status": "success", "message": "OK", "compiled_code": "select 1"},
            {"unique_id": "test.dateline.stories_add_up.ab12", "status": "fail", "message": "Got 2 results"},
        ],
    }
    (tmp_path / "run_results.json").write_text(json.dumps(report))
    nodes, elapsed_s = read_results(tmp_path)
    assert nodes == [
        Node("model", "articles", "success", "OK", "select 1"),
        Node("test", "stories_add_up", "fail", "Got 2 results", None),
    ]
    assert elapsed_s == 1.5


def test_a_dbt_that_died_has_no_results(tmp_path):
    assert read_results(tmp_path) == ([], 0.0)


def test_a_project_that_dbt_cannot_read_is_told_with_its_last_words(tmp_path):
    (tmp_path / "dbt_project.yml").write_text("name: [")
    lines: list[str] = []
    with pytest.raises(ModelsFailed, match=r"before it reported on a model[\s\S]*The last snapshot stands") as raised:
        run_models(
            tmp_path / "warehouse.duckdb",
            None,
            project=tmp_path,
            target=tmp_path / "dbt",
            environ=os.environ,
            on_line=lines.append,
        )
    assert lines
    assert lines[-1] in str(raised.value)
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_the_digest_follows_the_sql_and_nothing_else(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text("name: x")
    model = tmp_path / "models" / "a.sql"
    model.write_text("select 1")
    before = project_digest(tmp_path)
    (tmp_path / "models" / ".DS_Store").write_text("")
    assert project_digest(tmp_path) == before
    model.write_text("select 2")
    assert project_digest(tmp_path) != before


PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "pipeline.publish.models", "debug"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""


def test_dbt_ends_with_a_parent_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        ended_at = time.monotonic() + 5
        while _is_running(child) and time.monotonic() < ended_at:
            time.sleep(0.05)
        assert not _is_running(child)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
