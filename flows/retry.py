"""Quarantine, read again after a parser was mended."""

import os
from datetime import datetime
from pathlib import Path

from prefect import flow

from flows import path, tasks
from flows.log import telling
from flows.nightly import edge_settings, run_name
from flows.server import end_with_schedule
from flows.tasks import Batch
from pipeline.catalogue import load_catalogue
from pipeline.settings import CATALOGUE
from pipeline.steps.run import open_run
from pipeline.types import RunReport


@flow(name="retry", flow_run_name=run_name, description=__doc__)
def retry(sources: str | None = None, now: datetime | None = None) -> RunReport:
    """Takes in what can be read now of what lies in quarantine with its bytes; then the public tables and the snapshot.

    Nothing is fetched. It yields to a nightly run between batches.
    """
    end_with_schedule()
    settings = edge_settings(now, None)
    catalogue = load_catalogue(Path(sources) if sources else CATALOGUE, os.environ)
    with telling(), open_run(settings, "retry", catalogue) as run:
        tasks.retry_failures(Batch(run, "quarantine"), of_other_code=False)
        path.learn_boilerplate(run)
        linked_code = path.link_articles(run)
        return path.publish(run, linked_code)
