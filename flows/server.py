"""Prefect's server as a child of this process, on loopback. Neither outlives the other, however it ends: the temporary
server that Prefect would start by itself stays behind when its parent is killed, and a run whose server is gone tries
for ever to reach it while it holds the warehouse.

Its socket is open from the start: who asks before it is up waits in line. So it starts while we import.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline.children import end_with_parent
from pipeline.errors import DatelineError

HOST = "127.0.0.1"
GOODBYE_S = 5
SERVED_BY = "DATELINE_SERVED_BY"


def start_server(home: Path, environ: Mapping[str, str], *, ui_port: int | None) -> str:
    """The address of its API. What it has to complain of stands in `home`/server.log.

    Raises `DatelineError` where the port is taken. When the server ends before we do, so does this process.
    """
    home.mkdir(parents=True, exist_ok=True)
    log_path = home / "server.log"
    with _listen(ui_port or 0) as listening, log_path.open("ab") as log:
        port = listening.getsockname()[1]
        kind = "temporary" if ui_port is None else "ui"
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.server", str(listening.fileno()), kind],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[listening.fileno()],
            env={
                **environ,
                "PREFECT_SERVER_API_HOST": HOST,
                "PREFECT_SERVER_API_PORT": str(port),
                "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
            },
            start_new_session=True,  # Ctrl-C is for us: a run that it stops has things to tell the server
        )
    is_wanted = threading.Event()
    is_wanted.set()
    threading.Thread(target=_end_with_server, args=(server, is_wanted, log_path), daemon=True).start()
    atexit.register(_stop, server, is_wanted)
    return f"http://{HOST}:{port}/api"


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        raise DatelineError(
            f"Port {port} on {HOST} can't be had: {os.strerror(error.errno or 0).lower()}. Does `dateline serve` run "
            "already? Stop what has the port, or set PREFECT_SERVER_API_PORT to another."
        ) from error


def _end_with_server(server: "subprocess.Popen[bytes]", is_wanted: threading.Event, log_path: Path) -> None:
    code = server.wait()
    if is_wanted.is_set():
        sys.stderr.write(
            f"Prefect's server ended by itself (exit code {code}); its last words stand in {log_path}. "
            "What was taken in stays in; start again to go on.\n"
        )
        sys.stderr.flush()
        os._exit(1)


def _stop(server: "subprocess.Popen[bytes]", is_wanted: threading.Event) -> None:
    is_wanted.clear()
    server.terminate()
    try:
        server.wait(GOODBYE_S)
    except subprocess.TimeoutExpired:
        server.kill()
    server.communicate()


@contextmanager
def telling_of_server() -> Iterator[None]:
    """While it is open, an answer of Prefect's server that stops a run is an error of ours, with what to do."""
    from prefect.exceptions import PrefectHTTPStatusError

    try:
        yield
    except PrefectHTTPStatusError as error:
        raise DatelineError(
            f"Prefect's server answered {error.response.status_code}, and the run stopped. Is the disk full? "
            "A server of ours tells its reasons in prefect/server.log under the data folder. "
            "What was taken in stays in; start again to go on."
        ) from error


def end_with_schedule(environ: Mapping[str, str] = os.environ) -> None:
    """Ends this process when the `dateline serve` that started it is gone, even if by `kill -9`, and its server too."""
    if served_by := environ.get(SERVED_BY):
        threading.Thread(target=_end_after, args=(int(served_by),), daemon=True).start()


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _serve(listening: socket.socket, *, is_temporary: bool) -> None:
    """The child: a temporary server has neither UI nor scheduler."""
    end_with_parent()
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(
        create_app(ephemeral=is_temporary, final=True),
        lifespan="on",
        log_level="error",
        timeout_graceful_shutdown=GOODBYE_S - 2,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), is_temporary=sys.argv[2] == "temporary")
