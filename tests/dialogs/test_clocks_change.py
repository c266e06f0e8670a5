"""Booking on the nights the clocks change: a time there is not, and one that comes twice."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import settings
from core.db import open_database
from core.messages import Template
from core.migrations.running import engine_for
from core.tables import metadata
from dialogs.building import build_house
from dialogs.texts import formats
from menling.demo.data import RotaSpan, read_demo
from menling.demo.load import load_demo
from tests import servers
from tests.dialogs.chat import VAULT, Chat, World
from tests.dialogs.test_sending import told
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])
LONDON = "Europe/London"
BEFORE_SPRING = datetime(2026, 3, 27, 10, tzinfo=UTC)
BEFORE_AUTUMN = datetime(2026, 10, 23, 9, tzinfo=UTC)
HALF_PAST_ONE = {
    "spring": {ZH: "3月29号凌晨一点半", EN: "29 March at 1:30am"},
    "autumn": {ZH: "10月25号凌晨一点半", EN: "25 October at 1:30am"},
}


@pytest.fixture(scope="module")
def sleepless_city() -> Iterator[Path]:
    """The demo city under London's clocks, its shop and Wang working round the clock."""
    city = read_demo()
    always = tuple(RotaSpan(weekday, 0, 1440) for weekday in range(7))
    wang = next(one for one in city.technicians if one.code == "wang")
    shop = replace(city.store, zone=LONDON, opens_minute=0, closes_minute=1440)
    city = replace(city, store=shop, technicians=(replace(wang, rota=always),))
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="sleepless-") as folder:
        path = Path(folder) / "master.db"
        engine = engine_for(f"sqlite:///{path}")
        metadata.create_all(engine)
        engine.dispose()
        opened = open_database(f"sqlite:///{path}", VAULT)
        load_demo(opened, city, BEFORE_SPRING)
        opened.close()
        yield path


@pytest.fixture
def london(sleepless_city: Path) -> Iterator[World]:
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="london-") as folder:
        path = Path(folder) / "menling.db"
        shutil.copyfile(sleepless_city, path)
        opened = open_database(f"sqlite:///{path}", VAULT)
        house = build_house(public_url="http://127.0.0.1:8000", zone=LONDON, currency="GBP")
        yield World(opened, house, now=BEFORE_SPRING)
        opened.close()


def at_the_time(london: World, lang: str, season: str) -> Chat:
    """A chat that has said everything up to half past one in the night the clocks change."""
    london.now = BEFORE_SPRING if season == "spring" else BEFORE_AUTUMN
    chat = london.chat("night owl", lang)
    for said in ("约个肩颈按摩，在家" if lang == ZH else "I'd like a neck massage at home", *_upto_who(lang)):
        chat.says(said)
    assert chat.asking == "start", chat.transcript()
    chat.says(HALF_PAST_ONE[season][lang])
    return chat


def _upto_who(lang: str) -> tuple[str, ...]:
    words = WORDS[lang]
    return words["option"], words["address"], words["who"]


def orders(chat: Chat) -> datetime:
    """The start of the order made by answering what is left."""
    if chat.asking == "phone":
        chat.says(WORDS[chat.lang]["phone"])
    assert chat.asking == "*summary*", chat.transcript()
    chat.says(WORDS[chat.lang]["yes"])
    return chat.order.starts_at


def test_a_time_the_clocks_skip_is_said_and_the_nearest_are_offered_in_chinese(london: World) -> None:
    chat = at_the_time(london, ZH, "spring")

    chat.sees("3月29日 周日 时钟要拨快，正好跳过 01:30，那天没有这个时间。")
    assert chat.labels == ["后天 00:45", "后天 02:00"]
    assert "start" not in chat.values

    chat.presses("后天 02:00")
    chat.says(WORDS[ZH]["phone"])
    chat.sees("3月29日 周日", "02:00–03:30")
    assert orders(chat) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_the_clocks_skip_is_said_and_the_nearest_are_offered_in_english(london: World) -> None:
    chat = at_the_time(london, EN, "spring")

    chat.sees("The clocks go forward on Sun 29 Mar, so there is no 01:30 that day.")
    assert chat.labels == ["Sun 00:45", "Sun 02:00"]

    chat.presses("Sun 00:45")
    chat.says(WORDS[EN]["phone"])
    chat.sees("00:45 GMT–03:15 BST")
    assert orders(chat) == datetime(2026, 3, 29, 0, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "starts_at", "span"),
    [
        ("第一次", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "01:30 BST–02:00 GMT"),
        ("第二次", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "01:30 GMT–03:00 GMT"),
    ],
)
def test_a_time_that_comes_twice_is_asked_about_in_chinese(
    london: World, answer: str, starts_at: datetime, span: str
) -> None:
    chat = at_the_time(london, ZH, "autumn")

    chat.sees("10月25日 周日 时钟要拨慢，01:30 会出现两次。", "您要哪一次？")
    assert chat.labels == ["后天 01:30 BST（第一次，拨钟前）", "后天 01:30 GMT（第二次，拨钟后）"]

    chat.presses(answer)
    chat.says(WORDS[ZH]["phone"])
    chat.sees(span)
    assert orders(chat) == starts_at


@pytest.mark.parametrize(
    ("answer", "starts_at"),
    [
        ("the first one", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_comes_twice_is_asked_about_in_english_and_answered_in_words(
    london: World, answer: str, starts_at: datetime
) -> None:
    chat = at_the_time(london, EN, "autumn")

    chat.sees("The clocks go back on Sun 25 Oct, so 01:30 comes round twice.", "Which one would you like?")
    assert chat.labels == ["Sun 01:30 BST, before the clocks go back", "Sun 01:30 GMT, after the clocks go back"]

    chat.says(answer)
    assert orders(chat) == starts_at


@BOTH
def test_said_at_the_very_beginning_it_is_explained_then_and_asked_in_its_turn(london: World, lang: str) -> None:
    london.now = BEFORE_AUTUMN
    chat = london.chat("early", lang)
    chat.says(
        "10月25号凌晨一点半想约个肩颈按摩，在家" if lang == ZH else "a neck massage on 25 October at 1:30am please"
    )
    chat.sees("01:30 会出现两次" if lang == ZH else "01:30 comes round twice")
    assert chat.asking == "option"

    for said in _upto_who(lang):
        chat.says(said)
    chat.sees("10月25日 周日 01:30，您要哪一次？" if lang == ZH else "Which 01:30 on Sun 25 Oct would you like?")


@BOTH
def test_another_hour_said_instead_keeps_the_day(london: World, lang: str) -> None:
    chat = at_the_time(london, lang, "spring")
    chat.says("那就下午三点吧" if lang == ZH else "3pm then")
    assert orders(chat) == datetime(2026, 3, 29, 14, 0, tzinfo=UTC)


@BOTH
def test_another_day_said_instead_keeps_the_hour(london: World, lang: str) -> None:
    chat = at_the_time(london, lang, "spring")
    chat.says("那就3月30号" if lang == ZH else "30 March then")
    assert orders(chat) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


@BOTH
def test_a_visit_moved_at_the_summary_into_the_doubled_hour_is_asked_about_too(london: World, lang: str) -> None:
    london.now = BEFORE_AUTUMN
    chat = london.chat("mover", lang)
    chat.books_to_summary()
    chat.says(f"改成{HALF_PAST_ONE['autumn'][lang]}" if lang == ZH else f"make it {HALF_PAST_ONE['autumn'][lang]}")
    assert chat.asking == "start"
    assert len(chat.labels) == 3, "the two times, and to leave it as it was"

    chat.presses("GMT")
    assert orders(chat) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_once_the_first_has_passed_only_the_second_is_meant(london: World) -> None:
    london.run(lambda tx: settings.change(tx, "notice_minutes", 15, BEFORE_AUTUMN))
    london.now = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # 01:50 for the first time
    chat = london.chat("late", EN)
    for said in ("I'd like a neck massage at home", *_upto_who(EN)):
        chat.says(said)
    chat.says("25 October at 1:30am")
    assert orders(chat) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "said", "hours"),
    [
        (EN, "between 1am and 2am on 25 October", {"01:00 BST", "01:30 BST", "01:00 GMT", "01:30 GMT"}),
        (ZH, "10月25号凌晨1点到2点", {"01:00 BST", "01:30 BST", "01:00 GMT", "01:30 GMT"}),
    ],
)
def test_a_stretch_over_the_doubled_hour_offers_both_and_tells_them_apart(
    london: World, lang: str, said: str, hours: set[str]
) -> None:
    chat = at_the_time(london, lang, "autumn")
    chat.says(said)
    assert hours <= {label.split(" ", 1)[1] for label in chat.labels}


@pytest.mark.parametrize(("lang", "said"), [(EN, "between 1am and 2am on 29 March"), (ZH, "3月29号凌晨1点到2点")])
def test_a_stretch_the_clocks_skip_is_said_like_a_time(london: World, lang: str, said: str) -> None:
    chat = at_the_time(london, lang, "spring")
    chat.says("3月30号下午" if lang == ZH else "30 March in the afternoon")
    chat.says(said)
    assert [label.split(" ", 1)[1] for label in chat.labels] == ["00:45", "02:00"]


@pytest.mark.parametrize(("lang", "said"), [(EN, "in two hours"), (ZH, "两个小时后")])
def test_in_two_hours_is_two_hours_also_when_the_clock_says_three(london: World, lang: str, said: str) -> None:
    chat = at_the_time(london, lang, "spring")
    london.now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    chat.says(said)
    assert orders(chat) == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("night", "morning"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_what_can_wait_waits_until_eight_on_the_wall(london: World, night: datetime, morning: datetime) -> None:
    london.now = BEFORE_SPRING
    chat = london.chat("asleep", EN)
    chat.says("hello there")
    london.now = night
    later = told(london, chat, Template.SETTLEMENT_PAID, amount_minor=100, currency="GBP").later
    assert later is not None
    assert timedelta(0) <= later - morning < timedelta(minutes=10), "each person at a minute of their own"


@pytest.mark.parametrize(
    ("zone", "at", "words"),
    [
        (LONDON, datetime(2026, 10, 25, 0, 0, tzinfo=UTC), "01:00 BST"),
        (LONDON, datetime(2026, 10, 25, 1, 59, tzinfo=UTC), "01:59 GMT"),
        (LONDON, datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "02:00"),
        (LONDON, datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "02:00"),
        ("America/Santiago", datetime(2026, 4, 5, 2, 30, tzinfo=UTC), "23:30 UTC−3"),
        ("America/Santiago", datetime(2026, 4, 5, 3, 30, tzinfo=UTC), "23:30 UTC−4"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "01:45 UTC+10:30"),
        ("Asia/Shanghai", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "09:30"),
    ],
)
def test_a_time_shown_twice_tells_which_and_no_other_does(zone: str, at: datetime, words: str) -> None:
    assert formats.clock(at, zone) == words


@pytest.mark.parametrize(
    ("zone", "at", "midnight"),
    [
        (LONDON, datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (LONDON, datetime(2026, 3, 30, 12, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 28, 22, tzinfo=UTC)),
        ("America/Havana", datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_local_day_begins_at_its_first_minute(zone: str, at: datetime, midnight: datetime) -> None:
    assert formats.local_midnight(at, zone) == midnight
    assert formats.local_midnight(at - timedelta(days=3), zone, days=3) == midnight


def test_full_hours_are_full_on_the_wall_where_zones_keep_half_hours(london: World) -> None:
    london.run(lambda tx: settings.change(tx, "notice_minutes", 15, BEFORE_SPRING))
    london.house = build_house(public_url="http://127.0.0.1:8000", zone="Asia/Kolkata", currency="INR")
    chat = london.chat("far", EN)
    for said in ("I'd like a neck massage at home", *_upto_who(EN)):
        chat.says(said)
    assert {label[-3:] for label in chat.labels[1:]} == {":00"}  # but for the earliest
