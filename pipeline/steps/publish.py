"""publish: the SQL models and their tests, then the snapshot, then the report. Analysts see all of it or none."""

import logging
import os
from dataclasses import replace
from pathlib import Path

from pipeline import __version__
from pipeline.errors import PublishError
from pipeline.publish.models import ModelsResult, run_models
from pipeline.publish.query import opened
from pipeline.publish.report import write_report
from pipeline.publish.snapshot import publish_snapshot
from pipeline.settings import PROJECT
from pipeline.steps.run import Run, report_json
from pipeline.types import RunReport, Snapshot
from pipeline.warehouse import publishing
from pipeline.warehouse import recalls as recall_verbs
from pipeline.warehouse import runs as run_verbs

log = logging.getLogger("dateline")


def build_models(run: Run, linked_code: str) -> ModelsResult:
    """The public tables, made again for what was touched and tested, in a child process that has the file to itself.

    Raises `ModelsFailed`; the last snapshot stands then, and what was touched is made again by the next run.
    """
    run.warehouse.dispose()
    try:
        return run_models(
            run.settings.warehouse_path,
            last_snapshot(run.settings.published_path),
            project=PROJECT / "sql",
            target=run.settings.data / "dbt",
            environ=os.environ
            | {
                "DATELINE_RUN_ID": run.id,
                "DATELINE_NOW_AT": f"{run.now:%Y-%m-%d %H:%M:%S}",
                "DATELINE_CODE_VERSION": __version__,
                "DATELINE_RULES_VERSION": linked_code,
            },
        )
    finally:
        run.warehouse.reopen()


def last_snapshot(path: Path) -> Path | None:
    """The published file, with which restatements compare. One that is damaged is replaced all the same."""
    if not path.exists():
        return None
    try:
        opened(path).close()
    except PublishError as error:
        log.warning("%s", str(error).partition("\n")[0])
        return None
    return path


def publish(run: Run, linked_code: str) -> RunReport:
    """The snapshot of what the models made, and the report page beside it.

    The run is marked done in the warehouse before the copy, so that the snapshot says of itself how it came about.
    """
    with run.warehouse.begin() as conn:
        articles, stories = publishing.public_counts(conn)
        report = run.report()
        snapshot = Snapshot(
            path=str(run.settings.published_path),
            size_bytes=run.settings.warehouse_path.stat().st_size,
            built_at=run.now,
            articles=articles,
            stories=stories,
        )
        publishing.record_snapshot(conn, run.id, snapshot, code_version=__version__, rules_version=linked_code)
        publishing.clear_touched(conn)
        run_verbs.finish_run(conn, run.id, state="done", now=run.now, report_json=report_json(report))
        recalled = recall_verbs.uncompacted_recalls(conn)
    if recalled:
        run.warehouse.compact()
        with run.warehouse.begin() as conn:
            recall_verbs.mark_compacted(conn, run.now)
    run.warehouse.dispose()
    try:
        size = publish_snapshot(run.settings.warehouse_path, run.settings.published_path)
    finally:
        run.warehouse.reopen()
    report = replace(report, snapshot=replace(snapshot, size_bytes=size))
    write_report(run.settings.published_path, report, run.settings.report_path, run.now)
    return report
