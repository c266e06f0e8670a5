"""A real browser on the page, driven in the words of a chat: says, presses, sees."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


class ChromiumMissing(Exception):
    """No Chromium on this machine."""


@contextmanager
def a_chromium() -> Iterator[Browser]:
    """Chromium without a window; raises ChromiumMissing with the sentence to show."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise ChromiumMissing("no Chromium here: install chromium to play the page in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Window:
    """One browser window with the page open; what its console says against the page is kept."""

    def __init__(self, browser: Browser, url: str, *, lang: str = "zh-CN", **how: Any) -> None:
        self.context: BrowserContext = browser.new_context(locale=lang, **how)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)

    def _note(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def seat(self, name: str) -> "Phone":
        """The phone of a seat: customer or technician."""
        return Phone(self.page.locator(f"#phone-{name}"))

    def speak(self, lang: str) -> None:
        """Switch the page's language."""
        self.page.locator(f".langs [data-lang={lang}]").click()

    def close(self) -> None:
        """Shut it."""
        self.context.close()


class Phone:
    """One chat of the page."""

    def __init__(self, node: Locator) -> None:
        self.node = node
        self.box = node.locator("textarea")
        self.lines = node.locator(".lines > .line")

    def says(self, text: str) -> None:
        """Type words and send them with Enter; returns when they are in the thread."""
        mine = self.node.locator(".lines > .mine")
        before = mine.count()
        self.box.fill(text)
        self.box.press("Enter")
        expect(mine).to_have_count(before + 1)

    def presses(self, label: str) -> None:
        """Press the newest button that counts and carries this label."""
        self.button(label).click()

    def button(self, label: str) -> Locator:
        """The newest button that counts and carries this label."""
        return self.node.locator("button.choice:enabled").filter(has_text=label).last

    def link(self, label: str) -> Locator:
        """The newest link with this label."""
        return self.node.locator("a.choice").filter(has_text=label).last

    def sees(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until a line from the house says this, and return it."""
        line = self.node.locator(".lines > .theirs").filter(has_text=text).last
        expect(line).to_be_visible()
        return line

    def sends_photo(self, photo: bytes | Path, *, mime: str = "image/jpeg") -> None:
        """Choose a photo to send."""
        body = photo.read_bytes() if isinstance(photo, Path) else photo
        self.node.locator("input[type=file]").set_input_files({"name": "photo", "mimeType": mime, "buffer": body})

    def sends_place(self, name: str) -> None:
        """Choose one of the demo's places to send."""
        self.node.locator(".place").click()
        page = self.node.page
        page.locator("#places-search").fill(name)
        page.locator("#places-list button").filter(has_text=name).first.click()
