"""The three transcripts that tell how it should sound, typed as they stand, through the doors people have."""

from pathlib import Path

import pytest

from menling.rehearsal.playing import play
from menling.rehearsal.script import read_script
from menling.rehearsal.world import World

TRANSCRIPTS = Path(__file__).parent / "transcripts"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("door", ["wechat", "telegram", "web"])
@pytest.mark.parametrize("transcript", sorted(path.stem for path in TRANSCRIPTS.glob("*.yaml")))
def test_a_transcript_goes_as_it_should_sound(transcript: str, door: str) -> None:
    script = read_script(TRANSCRIPTS / f"{transcript}.yaml")

    with World(script.cast, now=script.now, door=door) as world:
        played = play(script, world, say=lambda _: None)

    assert [failure.why for failure in played.failures] == []
