"""Prefect's server as a child of this process, on loopback. It ends with us, even if we are killed; the temporary one
that Prefect would start by itself stays behind then.

Its socket is open from the start: who asks before it is up waits in line. So it starts while we import.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import DatelineError

HOST = "127.0.0.1"
GOODBYE_S = 5


def start_server(home: Path, environ: Mapping[str, str], *, ui_port: int | None) -> str:
    """The address of its API. What it has to complain of stands in `home`/server.log."""
    home.mkdir(parents=True, exist_ok=True)
    with _listen(ui_port or 0) as listening, (home / "server.log").open("ab") as log:
        port = listening.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.server", str(listening.fileno()), "temporary" if ui_port is None else "ui"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[listening.fileno()],
            env={**environ, "PREFECT_SERVER_API_HOST": HOST, "PREFECT_SERVER_API_PORT": str(port)},
            start_new_session=True,  # Ctrl-C is for us: a run that it stops has things to tell the server
        )
    atexit.register(_end, server)
    return f"http://{HOST}:{port}/api"


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        raise DatelineError(
            f"Port {port} on {HOST} can't be had ({error.strerror}). Does `dateline serve` run already? Stop what has "
            "it, or set PREFECT_SERVER_API_PORT to another port."
        ) from error


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(GOODBYE_S)
    except subprocess.TimeoutExpired:
        server.kill()
    server.communicate()


def _end_with_parent() -> None:
    """Ends this process when the other end of its standard input is gone, even if by `kill -9`."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _serve(listening: socket.socket, *, is_temporary: bool) -> None:
    """The child: a temporary server has neither UI nor scheduler."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
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
