"""What the tests of the page share."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.web.scripted import Page, a_page

HERE = "http://127.0.0.1:8000"


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


@pytest.fixture
def browser() -> Callable[[Page], TestClient]:
    """A browser that has opened the page: its cookies are set, and it says where its requests come from."""

    def opened(page: Page) -> TestClient:
        headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-Hans"}
        client = TestClient(page.app, base_url=HERE, headers=headers)
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
