"""Start time and weight of `menling serve --demo`, as `make run` starts it the second time."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.report import Line, judged

_PATIENCE = 60.0
_SETTLED = 3.0


class NoAnswer(Exception):
    """The page did not answer in a minute; carries what the process said."""


def start_and_weight() -> Iterator[Line]:
    """Yield the time to the first page and the resident memory of the process with its cache server."""
    with tempfile.TemporaryDirectory(prefix="menling-bench-") as folder:
        first, _ = _serve(Path(folder))
        again, weight = _serve(Path(folder))
    yield Line(1, "first start of serve --demo, until the page answers", "s", "lower", first)
    yield judged(Line(1, "later start of serve --demo, until the page answers", "s", "lower", again, target=5.0))
    yield judged(Line(1, "resident memory of serve --demo with its cache server", "MB", "lower", weight, target=300.0))


def _serve(folder: Path) -> tuple[float, float]:
    """Serve until the page answers, weigh, and stop; seconds and megabytes."""
    port = _free_port()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MENLING_", "DATABASE_", "REDIS_"))
    }
    environment = kept | {"MENLING_DATA_DIR": str(folder), "MENLING_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "menling", "serve", "--demo", "--port", str(port)]
    with (folder / "serve.log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for_page(port, process, folder / "serve.log")
            taken = time.perf_counter() - began
            time.sleep(_SETTLED)  # the doors that load after the page are in the weight
            return taken, _family_megabytes(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for_page(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                if page.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.02)
    raise NoAnswer(log.read_text(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family_megabytes(pid: int) -> float:
    """Return the resident memory of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _megabytes(pid) + sum(_megabytes(int(child)) for child in children)


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
