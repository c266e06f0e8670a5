"""`python -m simulators`, as a person starts it."""

import signal
import subprocess
import sys

import httpx
import pytest


@pytest.mark.parametrize("platform", ["telegram", "wechat"])
def test_the_command_serves_a_page_until_it_is_stopped(platform: str) -> None:
    command = [sys.executable, "-m", "simulators", platform, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        shown, told = httpx.get(url).text, httpx.get(f"{url}/simulator/state").json()
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=60)

    assert "<!doctype html>" in shown
    assert (told["platform"].lower(), told["people"]) == (platform, [])
    assert status == 0
