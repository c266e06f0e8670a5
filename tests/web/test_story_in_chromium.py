"""The main job played at the page itself: one window, the customer and the technician side by side."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.stories.actors import Watching
from tests.stories.running import RunningHouse, a_running_house
from tests.stories.script import whole_story
from tests.stories.words import EN, ZH, Words
from tests.web.chromium import ChromiumMissing, Phone, Window, a_chromium
from tests.web.conftest import a_photo

pytestmark = [pytest.mark.chromium, pytest.mark.sqlite]

# What stands in the chat, as [id, words and buttons], read in one go: the page may change between two looks.
_SAID = """phone => [...phone.querySelectorAll('.lines > .theirs')].map(line => [
    line.dataset.id,
    [line.querySelector('.words')?.innerText ?? '',
     ...[...line.querySelectorAll('.choice')].map(choice => `[${choice.innerText}] ${choice.href ?? ''}`)].join('\\n'),
])"""


class BrowserActor(Watching):
    """Somebody with eyes and fingers on one of the page's phones."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._before: set[str] = set()
        phone.sees("")

    def says(self, text: str) -> None:
        """Type words."""
        self._remember()
        self._phone.says(text)

    def presses(self, label: str) -> None:
        """Press a button."""
        self._remember()
        self._phone.presses(label)

    def photo(self) -> None:
        """Choose a picture."""
        self._remember()
        self._phone.sends_photo(a_photo(width=640, height=480))

    def _remember(self) -> None:
        self._before = {line_id for line_id, _ in self._said()}

    def _said(self) -> list[tuple[str, str]]:
        return [(line_id, words) for line_id, words in self._phone.node.evaluate(_SAID)]

    def _messages(self) -> list[str]:
        return [words for line_id, words in self._said() if line_id not in self._before]

    def _everything(self) -> str:
        return "\n".join(words for _, words in self._said())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for both languages."""
    try:
        with a_chromium() as browser:
            yield browser
    except ChromiumMissing as missing:
        if os.environ.get("MENLING_TEST_ALL"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house that really runs, with no other door than the page."""
    with a_running_house(tmp_path_factory.mktemp("house"), platforms=None) as running:
        yield running


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("w", "name"), [(ZH, "秦师傅"), (EN, "Grace")], ids=["zh", "en"])
def test_a_visit_is_booked_paid_done_reviewed_and_settled_in_one_window(
    house: RunningHouse, chromium: Browser, tmp_path: Path, w: Words, name: str
) -> None:
    locale = "en-GB" if w is EN else "zh-CN"
    window = Window(chromium, house.url, lang=locale, viewport={"width": 1280, "height": 800})
    window.seat("technician").sees("")
    window.page.locator("#phone-technician select").select_option("")  # somebody who applies
    window.seat("technician").sees("")

    try:
        whole_story(house, BrowserActor(window.seat("customer")), BrowserActor(window.seat("technician")), w, name)
    finally:
        window.page.screenshot(path=tmp_path / "end.png")
        window.close()
    assert window.complaints == []
