"""Ends private servers when the process that owns them is gone, even when it was killed.

Started as a script beside the first server; stands on the standard library alone, so that it costs little.
"""

import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE_SECONDS = 5.0
LOOK_SECONDS = 0.01


def end(home: Path) -> None:
    """Stop every server whose pid file lies one folder below `home`, then remove `home`; twice is harmless."""
    servers = [(int(path.read_text()), path.parent.name) for path in home.glob("*/pid")]
    for pid, name in servers:
        stop(pid, signal.SIGQUIT if name == "postgresql" else signal.SIGKILL)
    shutil.rmtree(home, ignore_errors=True)


def stop(pid: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Send the signal and wait until the process is gone; after a few seconds, kill it."""
    _send(pid, by)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_gone(pid):
        if time.monotonic() > deadline:
            _send(pid, signal.SIGKILL)
            return
        time.sleep(LOOK_SECONDS)


def is_gone(pid: int) -> bool:
    """True when no such process runs; a child of ours that has ended is buried by the way."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A dead child of somebody else's stays in the table until its parent looks.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def watch(owner: int, home: Path) -> None:
    """Wait for the owner to be gone, however it went, and end its servers."""
    if hasattr(os, "pidfd_open"):
        try:
            look = select.poll()
            look.register(os.pidfd_open(owner), select.POLLIN)
            look.poll()
        except ProcessLookupError:
            pass
    else:
        while not is_gone(owner):
            time.sleep(1)
    end(home)


def _send(pid: int, what: signal.Signals) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    watch(int(sys.argv[1]), Path(sys.argv[2]))
