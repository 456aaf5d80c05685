"""`dateline serve`: the schedule on one machine."""

import asyncio
import os
import signal
from collections.abc import Mapping
from typing import Any

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron

from flows.backfill import backfill
from flows.nightly import nightly
from pipeline.errors import UsageError

UI_PORT = 4200


def ui_port(environ: Mapping[str, str] = os.environ) -> int:
    return int(environ.get("PREFECT_SERVER_API_PORT") or UI_PORT)


class _Runner(Runner):
    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """Stops as by Ctrl-C; Prefect's own handler (3.8.8) never awaits its coroutine."""
        signal.raise_signal(signal.SIGINT)


def serve_schedule(cron: str, timezone: str, sources: str) -> None:
    """Runs the nightly flow by its cron until interrupted, one run at a time; backfills can be started from the UI.

    Prefect must have been prepared. Raises `UsageError` where the cron or the time zone is none.
    """
    runner = _Runner(name="dateline", pause_on_shutdown=False)
    for deployment in deployments(cron, timezone, sources):
        runner.add_deployment(deployment)
    try:
        asyncio.run(runner.start())
    except KeyboardInterrupt:
        return


def deployments(cron: str, timezone: str, sources: str) -> tuple[RunnerDeployment, RunnerDeployment]:
    """A nightly run that would start beside another is cancelled; backfills wait for each other."""
    try:
        schedule = Cron(cron, timezone=timezone)
    except ValueError as error:
        raise UsageError(f"The schedule '{cron}' in {timezone} can't be used: {error}") from error
    common: dict[str, Any] = {"parameters": {"sources": sources}, "entrypoint_type": EntrypointType.MODULE_PATH}
    return (
        RunnerDeployment.from_flow(
            nightly,
            name="nightly",
            schedule=schedule,
            concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
            **common,
        ),
        RunnerDeployment.from_flow(backfill, name="backfill", concurrency_limit=1, **common),
    )
