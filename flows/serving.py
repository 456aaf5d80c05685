"""`dateline serve`: the schedule on one machine, with Prefect's server and UI on loopback."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import DatelineError

PORT = 4200
STARTUP_S = 180


@contextmanager
def local_server(port: int = PORT) -> Iterator[str]:
    """Prefect's own server as a child process, unless PREFECT_API_URL names one; its API's address."""
    if api := os.environ.get("PREFECT_API_URL"):
        yield api
        return
    api = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_until_healthy(api, server)
            os.environ["PREFECT_API_URL"] = api
            yield api
        finally:
            server.terminate()


def _wait_until_healthy(api: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTUP_S
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise DatelineError(
                f"Prefect's server ended at once (exit code {server.returncode}). Is port {PORT} taken?"
            )
        try:
            with direct.open(f"{api}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise DatelineError(f"Prefect's server did not answer on {api} within {STARTUP_S} s.")


def serve_schedule(cron: str, timezone: str, sources: str | None) -> None:
    """Runs the nightly flow by its cron until interrupted, one run at a time; backfills can be started from the UI."""
    from prefect import serve
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    from flows.backfill import backfill
    from flows.nightly import nightly

    parameters = {"sources": sources} if sources else {}

    serve(
        RunnerDeployment.from_flow(
            nightly,
            name="nightly",
            schedule=Cron(cron, timezone=timezone),
            concurrency_limit=1,
            parameters=parameters,
        ),
        RunnerDeployment.from_flow(backfill, name="by-hand", concurrency_limit=1, parameters=parameters),
    )
