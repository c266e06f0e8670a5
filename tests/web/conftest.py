"""What the tests of the page share."""

import asyncio
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.web.scripted import Page, a_page

HERE = "http://127.0.0.1:8000"
OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-Hans"}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The page of a demo, on a fresh database."""
    made = a_page(tmp_path)
    yield made
    made.db.close()


@pytest.fixture
def plain_page(tmp_path: Path) -> Iterator[Page]:
    """The page outside a demo."""
    made = a_page(tmp_path, demo=False)
    yield made
    made.db.close()


class Browser:
    """A browser on the page: keeps its cookies, and says where its requests come from."""

    def __init__(self, page: Page, *, base_url: str = HERE, headers: Mapping[str, str] | None = None) -> None:
        said = OURS if headers is None else headers
        transport = httpx.ASGITransport(page.app)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url, headers=said)
        self._runner = asyncio.Runner()

    def get(self, path: str, **how: Any) -> httpx.Response:
        """Ask for something."""
        return self._runner.run(self._client.get(path, **how))

    def post(self, path: str, **what: Any) -> httpx.Response:
        """Send something."""
        return self._runner.run(self._client.post(path, **what))

    @property
    def cookies(self) -> httpx.Cookies:
        """What the page gave this browser to keep."""
        return self._client.cookies

    def close(self) -> None:
        """Go away."""
        self._runner.run(self._client.aclose())
        self._runner.close()


Opens = Callable[..., Browser]


@pytest.fixture
def bare() -> Iterator[Opens]:
    """Makes browsers that have not opened the page yet."""
    made: list[Browser] = []

    def opened(page: Page, **how: Any) -> Browser:
        made.append(Browser(page, **how))
        return made[-1]

    yield opened
    for browser in made:
        browser.close()


@pytest.fixture
def browser(bare: Opens) -> Opens:
    """Makes browsers that have opened the page: their cookies are set."""

    def opened(page: Page, **how: Any) -> Browser:
        client = bare(page, **how)
        assert client.get("/web/start").status_code == 200
        return client

    return opened


def a_photo(*, width: int = 64, height: int = 48) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 60)).save(out, "JPEG")
    return out.getvalue()


def code_of(answer: httpx.Response) -> str:
    """The stable code of a refusal, once its sentence has been looked at."""
    error = answer.json()["error"]
    assert len(error["message"]) > 4
    assert "Traceback" not in answer.text
    return str(error["code"])


@pytest.fixture
def anyio_backend() -> str:
    """The loop the product runs on."""
    return "asyncio"
