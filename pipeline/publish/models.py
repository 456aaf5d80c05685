"""The SQL models: `run_models` builds and tests them, with dbt in a process of its own.

dbt can't share the warehouse's file with an open engine, and costs three seconds to import; so it runs as
`python -m pipeline.publish.models`, which ends when its parent does: what an orphan held open would stop the next run.
"""

import gc
import hashlib
import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.children import end_with_parent
from pipeline.errors import ModelsFailed

GOOD = frozenset({"success", "pass", "warn", "no-op"})
SHOWN_FAILURES = 5
SHOWN_ROWS = 3


@dataclass(frozen=True, slots=True)
class ModelsResult:
    """What a build did."""

    models: int
    tests: int
    warnings: tuple[str, ...]
    is_full: bool  # every model was built anew, not the night's rows alone
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Node:
    """What came of one model, test or hook."""

    kind: str
    name: str
    status: str
    message: str | None
    sql: str | None  # that ran


def run_models(
    warehouse_path: Path,
    published_path: Path | None,
    *,
    project: Path,
    target: Path,
    environ: Mapping[str, str],
    on_line: Callable[[str], None] | None = None,
) -> ModelsResult:
    """Builds the models of `project` in the warehouse and tests them; no engine may have the file open meanwhile.

    `published_path` is the last snapshot, with which restatements compare; `target` keeps what dbt writes. `environ` is
    dbt's environment with the facts of the run: DATELINE_RUN_ID, DATELINE_NOW_AT (YYYY-MM-DD HH:MM:SS, UTC),
    DATELINE_CODE_VERSION, DATELINE_RULES_VERSION. A build is incremental when the last one came to its end and ran the
    same SQL, else full. `on_line` is given dbt's progress. Raises `ModelsFailed`.
    """
    target.mkdir(parents=True, exist_ok=True)
    is_full = not _is_continued(project, target)
    _forget_last_build(target)
    environment = {
        **_dbt_environment(environ, project, target),
        "DATELINE_WAREHOUSE": str(warehouse_path),
        "DATELINE_PUBLISHED": str(published_path) if published_path and published_path.exists() else "",
    }
    code, last_lines = _run_dbt(_build_arguments(is_full), environment, on_line or (lambda _: None))
    nodes, elapsed_s = read_results(target)
    failed = [node for node in nodes if node.status not in GOOD]
    if code != 0 or failed or not nodes:
        raise ModelsFailed(_explanation(code, failed, last_lines, warehouse_path, target))
    (target / "complete").write_text(project_digest(project))
    return ModelsResult(
        models=sum(node.kind == "model" for node in nodes),
        tests=sum(node.kind == "test" for node in nodes),
        warnings=tuple(f"{node.name}: {node.message or 'warned'}" for node in nodes if node.status == "warn"),
        is_full=is_full,
        elapsed_s=elapsed_s,
    )


def project_digest(project: Path) -> str:
    """A digest of all that decides what the models compute."""
    digest = hashlib.sha256()
    for folder in ("models", "macros"):
        for path in sorted((project / folder).rglob("*")):
            if path.suffix in {".sql", ".yml"}:
                digest.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update((project / "dbt_project.yml").read_bytes())
    return digest.hexdigest()


def read_results(target: Path) -> tuple[list[Node], float]:
    """What dbt says of each node, and its seconds; nothing where it died before it could say."""
    path = target / "run_results.json"
    if not path.exists():
        return [], 0.0
    report = json.loads(path.read_text())
    return [_node(result) for result in report["results"]], report["elapsed_time"]


def _node(result: dict[str, Any]) -> Node:
    kind, _, name, *_ = result["unique_id"].split(".")
    return Node(kind, name, result["status"], result.get("message"), result.get("compiled_code"))


def _is_continued(project: Path, target: Path) -> bool:
    """Whether the last build came to its end and ran this SQL."""
    complete = target / "complete"
    return complete.exists() and complete.read_text() == project_digest(project)


def _forget_last_build(target: Path) -> None:
    for name in ("complete", "run_results.json"):
        (target / name).unlink(missing_ok=True)


def _build_arguments(is_full: bool) -> list[str]:
    # unit tests hold for every night alike: they run with the repository's tests
    arguments = ["--no-use-colors", "build", "--exclude-resource-type", "unit_test"]
    return [*arguments, "--full-refresh"] if is_full else arguments


def _dbt_environment(environ: Mapping[str, str], project: Path, target: Path) -> dict[str, str]:
    """The environment without what its owner set for other dbt projects; nothing is sent anywhere."""
    inherited = {name: value for name, value in environ.items() if not name.startswith("DBT_")}
    return inherited | {
        "DO_NOT_TRACK": "1",
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_LOG_LEVEL_FILE": "info",  # writing its debug log takes a tenth of the time
        "PYTHONUNBUFFERED": "1",
    }


def _run_dbt(
    arguments: list[str], environment: dict[str, str], on_line: Callable[[str], None]
) -> tuple[int, list[str]]:
    """dbt's exit code and last lines."""
    last_lines: deque[str] = deque(maxlen=15)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "pipeline.publish.models", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    )
    with process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                last_lines.append(line.rstrip())
                on_line(line.rstrip())
            return process.wait(), list(last_lines)
        finally:
            process.kill()


def _explanation(code: int, failed: list[Node], last_lines: list[str], warehouse_path: Path, target: Path) -> str:
    """What failed, where its rows are, and what to do."""
    remedy = (
        "The last snapshot stands. What was collected is safe in the warehouse; mend the cause and run again: "
        f"the next build makes every figure anew. dbt's log is {target / 'logs' / 'dbt.log'}"
    )
    culprits = [node for node in failed if node.status != "skipped"]
    if not culprits:
        said = "\n  ".join(last_lines)
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"dbt {how} before it reported on a model; its last lines:\n  {said}\n{remedy}"
    lines = [f"{len(culprits)} of the models and their tests failed:"]
    for node in culprits[:SHOWN_FAILURES]:
        lines.append(f"  {node.kind} {node.name}: {' '.join((node.message or node.status).split())}")
        lines.extend(f"    row {row}" for row in _offending_rows(node, warehouse_path))
    if len(culprits) > SHOWN_FAILURES:
        lines.append(f"  … and {len(culprits) - SHOWN_FAILURES} more")
    lines.append(f"The SQL of each is under {target / 'compiled'}. {remedy}")
    return "\n".join(lines)


def _offending_rows(node: Node, warehouse_path: Path) -> Iterator[dict[str, Any]]:
    """The first rows that a failed test returns, out of the warehouse."""
    if node.kind != "test" or node.status != "fail" or not node.sql:
        return
    with duckdb.connect(str(warehouse_path), read_only=True) as connection:
        rows = connection.execute(node.sql)
        names = [column[0] for column in rows.description or ()]
        for row in rows.fetchmany(SHOWN_ROWS):
            yield dict(zip(names, row, strict=True))


def _be_dbt(arguments: list[str]) -> None:
    """The child: dbt's command line."""
    end_with_parent()
    gc.set_threshold(200_000)  # dbt makes many objects and keeps them: looking for garbage takes a second of its eight
    from dbt.cli.main import cli

    cli(arguments)


if __name__ == "__main__":
    _be_dbt(sys.argv[1:])
