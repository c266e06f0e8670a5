"""The `menling rehearse` command: plays a script and prints what was said."""

import sys
from dataclasses import replace
from pathlib import Path

from menling.rehearsal.playing import Played, play
from menling.rehearsal.script import Script, ScriptError, read_script
from menling.rehearsal.world import World

_FAILED = 1
_REFUSED = 2


def rehearse(file: Path, *, door: str, lang: str | None) -> int:
    """Play a file through a door and return the exit status: 0 as expected, 1 not, 2 the script is wrong.

    `lang` is what people speak for whom the script names no language.
    """
    try:
        script = read_script(file)
    except ScriptError as error:
        _complain(str(error))
        return _REFUSED
    if lang is not None:
        people = tuple(replace(one, lang=one.lang or lang) for one in script.people)
        script = replace(script, people=people)
    with World(script.cast, now=script.now, door=door) as world:
        played = play(script, world, say=_say)
    return _told(script, played, door)


def _told(script: Script, played: Played, door: str) -> int:
    for failure in played.failures:
        _complain(f"Step {failure.step}: {failure.why}.")
    if played.failures:
        return _FAILED
    _say(f"{script.name or 'The rehearsal'}: {len(script.steps)} steps through {door}, all as expected.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")
