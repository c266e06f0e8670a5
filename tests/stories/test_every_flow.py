"""Every flow and view has a story, and the story has the same end through every door, with restarts in between too."""

import re
from functools import cache
from pathlib import Path

import pytest

from dialogs.building import build_house
from menling.rehearsal.playing import Played, play
from menling.rehearsal.script import Script, read_script
from menling.rehearsal.world import World

FLOWS = Path(__file__).parent / "flows"
EXAMPLES = Path(__file__).parents[2] / "docs" / "rehearsals"
STORIES = sorted(path.stem for path in FLOWS.glob("*.yaml"))
DOORS = ("web", "telegram", "wechat")

_RANDOM = re.compile(r"\b[2-9A-HJKMNP-Z]{6}(?:[2-9A-HJKMNP-Z]{2})?\b|(?<!\d)\d{4}(?!\d)|/pay/[\w-]+|start=\w+")
"""What no two rehearsals have in common: codes of orders and of linking, start codes, tokens in links."""


@pytest.mark.timeout(300)
def test_every_flow_and_view_has_its_story_and_every_story_its_flow_or_view() -> None:
    house = build_house(public_url="http://127.0.0.1", zone="Asia/Shanghai", currency="CNY")

    assert set(STORIES) == {*house.flows, *house.views}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("story", STORIES)
def test_a_story_has_the_same_end_through_every_door(story: str, door: str) -> None:
    script = read_script(FLOWS / f"{story}.yaml")

    played = play_through(script, door)

    assert [failure.why for failure in played.failures] == []
    assert story in played.entered
    assert [order.outcome for order in played.orders] == outcomes_at_the_page(story)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("story", STORIES)
def test_a_story_does_not_notice_that_the_house_is_restarted_after_every_step(story: str) -> None:
    script = read_script(FLOWS / f"{story}.yaml")

    whole = play_through(script, "web")
    broken = play_through(script, "web", restarting=True)

    assert [failure.why for failure in broken.failures] == []
    assert [order.outcome for order in broken.orders] == [order.outcome for order in whole.orders]
    assert alike(broken) == alike(whole)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("example", sorted(path.stem for path in EXAMPLES.glob("*.yaml")))
def test_the_examples_of_the_manual_pass_through_every_door(example: str, door: str) -> None:
    played = play_through(read_script(EXAMPLES / f"{example}.yaml"), door)

    assert [failure.why for failure in played.failures] == []


def play_through(script: Script, door: str, *, restarting: bool = False) -> Played:
    """Play a script through a door, in silence."""
    with World(script.cast, now=script.now, door=door) as world:
        return play(
            script, world, after_step=(lambda world, _: world.restart()) if restarting else None, say=lambda _: None
        )


@cache
def outcomes_at_the_page(story: str) -> list[tuple[object, ...]]:
    """How a story ends at the page."""
    return [order.outcome for order in play_through(read_script(FLOWS / f"{story}.yaml"), "web").orders]


def alike(played: Played) -> list[tuple[str, str]]:
    """All that was shown, without what is random."""
    return [(person, _RANDOM.sub("*", text)) for person, text in played.texts]
