"""What the page reads: lines in order, live as they come, the page's own files, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import httpx
import pytest

from bots.web import reading
from bots.web.bells import MOST_PAGES_A_SEAT, Bells, PagesFull
from bots.web.buckets import MOST_KEPT, Buckets
from bots.web.page import assets
from core.messages import MessageKind
from dialogs.outgoing import Body, Button, Outgoing, Sent
from tests.web.conftest import Opens, code_of
from tests.web.scripted import Page, Served, a_page, served

CARD = (
    Body(text="新单 M7K2QX", rows=((Button("接单", action=1), Button("导航", url="https://map.example/1")),)),
    MessageKind.CARD,
)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Page, Served]]:
    """A page served over real sockets."""
    page = a_page(tmp_path)
    with served(page) as server:
        yield page, server


class Stream:
    """The events of one open page."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()

    def next(self) -> list[dict[str, object]]:
        """The lines of the next event."""
        for line in self._lines:
            if line.startswith("data: "):
                found: list[dict[str, object]] = json.loads(line.removeprefix("data: "))["lines"]
                return found
        raise AssertionError("the stream ended")

    def ended(self) -> bool:
        """Read to the end."""
        return [line for line in self._lines if line.startswith("data: ")] == []


@contextmanager
def opened(client: httpx.Client, seat: str = "customer") -> Iterator[Stream]:
    """Open a page's stream."""
    with client.stream("GET", f"/web/{seat}/stream") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer)


@contextmanager
def a_client(server: Served) -> Iterator[httpx.Client]:
    """A browser over real sockets."""
    with httpx.Client(base_url=server.url, headers={"Origin": server.url}, timeout=10) as client:
        client.get("/web/start")
        yield client


def test_an_open_page_sees_both_sides_as_they_come(live: tuple[Page, Served]) -> None:
    with a_client(live[1]) as client, opened(client) as stream:
        assert stream.next() == []
        client.post("/web/customer/say", json={"id": "first-words", "text": "你好"})

        seen = stream.next()
        while not any(not line["mine"] for line in seen):
            seen += stream.next()

        assert next(line["text"] for line in seen) == "你好"
        assert seen[-1]["live"] is True


def test_a_message_of_the_sender_rings_the_page_of_its_person(
    live: tuple[Page, Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, server = live
    monkeypatch.setattr(reading, "LOOK_SECONDS", 60.0)  # nobody looks by themselves
    server.do(page.reception.tell("demo", "technician-wang", CARD))
    with a_client(server) as client, opened(client, "technician") as stream:
        assert [line["text"] for line in stream.next()] == ["新单 M7K2QX"]

        server.do(page.reception.tell("demo", "technician-wang", CARD))

        assert [line["kind"] for line in stream.next()] == ["card"]


def test_a_message_of_another_process_is_seen_within_two_looks(live: tuple[Page, Served]) -> None:
    page, server = live
    with a_client(server) as client, opened(client, "technician") as stream:
        assert stream.next() == []

        server.do(page.reception.tell("demo", "technician-wang", CARD, ring=False))

        assert [line["text"] for line in stream.next()] == ["新单 M7K2QX"]


def test_an_older_prompt_comes_again_when_its_buttons_no_longer_count(live: tuple[Page, Served]) -> None:
    page, server = live
    page.reception.script = lambda _: [Body(text="几点？", rows=((Button("三点", action=3),),))]
    with a_client(server) as client, opened(client) as stream:
        stream.next()

        def prompts_until(wanted: list[bool]) -> dict[object, bool]:
            found: dict[object, bool] = {}
            while sorted(found.values()) != wanted:
                found |= {line["id"]: bool(line["live"]) for line in stream.next() if not line["mine"]}
            return found

        client.post("/web/customer/say", json={"id": "words-001", "text": "明天"})
        first = prompts_until([True])
        client.post("/web/customer/say", json={"id": "words-002", "text": "后天"})
        both = prompts_until([False, True])

        assert [both[line_id] for line_id in first] == [False]


def test_a_seats_ninth_page_lets_the_first_one_go(live: tuple[Page, Served]) -> None:
    with a_client(live[1]) as client, opened(client) as first, ExitStack() as others:
        first.next()

        later = [others.enter_context(opened(client)) for _ in range(MOST_PAGES_A_SEAT)]

        assert [stream.next() for stream in later] == [[]] * MOST_PAGES_A_SEAT
        assert first.ended()


def test_open_pages_let_the_server_stop(tmp_path: Path) -> None:
    page = a_page(tmp_path)
    with ExitStack() as stack:
        with served(page) as server:
            client = stack.enter_context(a_client(server))
            stream = stack.enter_context(opened(client))
            stream.next()
            started = monotonic()

        assert stream.ended()
        assert monotonic() - started < 30  # well before the page would end by itself


def test_lines_after_a_point_are_the_later_ones(page: Page, browser: Opens) -> None:
    client = browser(page)
    for number in range(3):
        client.post("/web/customer/say", json={"id": f"words-{number:03}", "text": str(number)})
    lines = client.get("/web/customer/lines").json()["lines"]

    later = client.get("/web/customer/lines", params={"after": f"{lines[3]['at']},{lines[3]['id']}"}).json()["lines"]

    assert [line["id"] for line in later] == [line["id"] for line in lines[4:]]
    assert [line["text"] for line in lines if line["mine"]] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "after", ["yesterday", "2026-01-01T00:00:00,1", "2026-01-01T00:00:00Z,x", "2026-01-01T00:00:00Z,-1"]
)
def test_a_point_that_is_none_is_refused(page: Page, browser: Opens, after: str) -> None:
    assert code_of(browser(page).get("/web/customer/lines", params={"after": after})) == "malformed"


def test_a_card_carries_tokens_and_links_and_ids_are_strings(live: tuple[Page, Served]) -> None:
    page, server = live
    server.do(page.reception.tell("demo", "technician-wang", CARD))

    with a_client(server) as client:
        (line,) = client.get("/web/technician/lines").json()["lines"]

    assert isinstance(line["id"], str)
    ((accept, map_link),) = line["rows"]
    assert accept["token"].endswith(".0")
    assert accept["url"] is None
    assert map_link == {"label": "导航", "token": None, "url": "https://map.example/1"}


def test_nobodys_lines_are_none_and_make_nobody(page: Page, browser: Opens) -> None:
    client = browser(page)

    assert client.get("/web/customer/lines").json()["lines"] == []
    assert client.get("/web/nobody/lines").status_code == 404


def test_the_page_and_its_files_come_with_strict_headers(page: Page, bare: Opens) -> None:
    client = bare(page)

    for path in ["/", *(f"/web/static/{name}" for name in assets())]:
        answer = client.get(path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_page_asks_nothing_of_other_hosts_and_runs_no_inline_script() -> None:
    for name, found in assets().items():
        text = found.body.decode().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text.replace("https?:\\/\\/", ""), name
        assert "innerHTML" not in text, name
    page = assets()["index.html"].body.decode()
    assert page.count("<script") == page.count('<script type="module" src=')
    assert "style=" not in page
    assert " onclick" not in page


@pytest.mark.parametrize(
    "path", ["/web/static/nothing.js", "/web/static/..%2fdoor.py", "/web/else", "/web/customer/else"]
)
def test_an_unknown_address_is_a_sentence(page: Page, browser: Opens, path: str) -> None:
    answer = browser(page).get(path)

    assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.anyio
async def test_a_message_is_delivered_by_being_stored(page: Page) -> None:
    message = Outgoing(1, 2, "card", "web", "page", "x", Body(text="hi"), "en")

    assert await page.door.deliver(message) == Sent()
    with pytest.raises(OSError, match="no pictures"):
        await page.door.fetch("page", "ref")


def test_a_bucket_fills_up_again_and_forgets_the_oldest() -> None:
    bucket = Buckets(rate=2, burst=3)

    assert [bucket.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take("a", 0.5) is True
    assert bucket.take("a", 0.5) is False
    for number in range(MOST_KEPT):
        bucket.take(str(number), 0.5)
    assert bucket.take("a", 0.5) is True


def test_a_closed_house_opens_no_page() -> None:
    bells = Bells()
    with bells.listen("seat") as bell:
        bells.close()
        assert bell.leaving
    with pytest.raises(PagesFull), bells.listen("seat"):
        pass


def test_the_demos_time_is_told_with_the_lines(page: Page, browser: Opens) -> None:
    client = browser(page)
    page.clock.ahead = timedelta(days=3)

    now = client.get("/web/customer/lines").json()["now"]

    assert now[:10] == page.clock.now().date().isoformat()
