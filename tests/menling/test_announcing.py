"""An announcement on its way through the sender, and how operators are shown it before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from core import announcements, people
from core.announcements import Announcement, AnnouncementKind, AnnouncementState, Audience, Draft, Link
from core.db import Database
from core.messages.tables import held
from core.people.consent import ConsentKind, end_consent, give_consent
from dialogs.building import build_house
from dialogs.house import House
from dialogs.outgoing import Held, Later, Unknown
from menling.previewing import shown_on
from tests.menling.sending import NOON, SQLITE, ZONE, Desk, ScriptedDoor

NEWS = Draft(
    AnnouncementKind.NEWS,
    Audience.ALL,
    {"zh-Hans": "本周八折。", "en": "A fifth off."},
    link=Link("https://menling.example/offer", {"en": "Have a look"}),
)
SECOND = timedelta(seconds=1)
NOTICE = replace(NEWS, kind=AnnouncementKind.NOTICE, texts={"en": "Closed on Monday. <b>Sorry</b> /start"})


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")


@pytest.fixture
def desk(database: Database, house: House) -> Callable[..., Desk]:
    return lambda *doors: Desk(database, house, *doors)


def announce(at: Desk, said: Draft) -> Announcement:
    made = at.db.run(partial(announcements.draft, said=said, operator_id=1, now=NOON))
    at.db.run(partial(announcements.start, announcement_id=made.id, operator_id=1, now=NOON))
    while at.db.run(partial(announcements.due_work, now=NOON, real_now=NOON)):
        pass
    return made


def somebody_who_wants_news(at: Desk, *channels: str, name: str = "anna") -> int:
    person_id = at.person(*channels, name=name)
    at.db.run(partial(give_consent, person_id=person_id, kind=ConsentKind.NEWS, now=NOON))
    return person_id


class TestNews:
    def test_are_told_apart_for_the_door(self, desk: Callable[..., Desk]) -> None:
        door = ScriptedDoor("telegram")
        at = desk(door)
        somebody_who_wants_news(at, "telegram")
        announce(at, NEWS)
        announce(at, NOTICE)

        at.send()

        assert [(one.news, one.body.text[:9]) for one in door.took] == [(True, "[Menling "), (False, "[Menling]")]

    def test_go_where_they_may_when_the_first_channel_allows_none(self, desk: Callable[..., Desk]) -> None:
        wechat, telegram = ScriptedDoor("wechat", Held("news", rides=False)), ScriptedDoor("telegram")
        at = desk(wechat, telegram)
        somebody_who_wants_news(at, "wechat", "telegram")
        announce(at, NEWS)

        at.send()

        assert [(row.state, row.channel) for row in at.rows()] == [("sent", "telegram")]

    def test_that_no_channel_allows_wait_in_the_message_centre_and_on_no_reply(self, desk: Callable[..., Desk]) -> None:
        at = desk(ScriptedDoor("wechat", Held("news", rides=False)))
        somebody_who_wants_news(at, "wechat")
        announce(at, NEWS)

        at.send()

        assert [(row.state, row.due_at) for row in at.rows()] == [("held", None)]
        assert at.db.read(lambda tx: tx.all(select(held))) == []

    @pytest.mark.parametrize("answer", [Later(60), Unknown("ReadTimeout")])
    def test_are_not_tried_again_once_they_are_not_wanted(self, desk: Callable[..., Desk], answer: object) -> None:
        door = ScriptedDoor("telegram", answer)  # type: ignore[arg-type]
        at = desk(door)
        person_id = somebody_who_wants_news(at, "telegram")
        announce(at, NEWS)
        at.send()
        at.db.run(partial(end_consent, person_id=person_id, kind=ConsentKind.NEWS, now=NOON))

        at.send(after=3 * 60 * SECOND)

        assert len(door.took) == 1
        assert at.states() == ["dropped"]


class TestPreview:
    @SQLITE
    @pytest.mark.parametrize("news", [True, False])
    def test_counts_everybody_once_where_the_sender_tells_them(self, desk: Callable[..., Desk], news: bool) -> None:
        wechat = ScriptedDoor("wechat", *([Held("news", rides=False)] * 2 if news else []))
        telegram, web = ScriptedDoor("telegram"), ScriptedDoor("web")
        at = desk(wechat, telegram, web)
        both = somebody_who_wants_news(at, "wechat", "telegram", name="both")
        alone = somebody_who_wants_news(at, "wechat", name="alone")
        chosen = somebody_who_wants_news(at, "telegram", "web", name="chosen")
        at.db.run(lambda tx: people.tell_on(tx, chosen, "web"))
        said = announce(at, NEWS if news else NOTICE)
        silent = {"wechat"} if news else set()

        whom = at.db.read(lambda tx: announcements.reach_of(tx, said, now=NOON, silent=silent))
        at.send(after=60 * SECOND)

        took = [*web.took, *telegram.took, *([] if news else wechat.took)]
        told = {one.person_id: one.channel for one in took}
        first = {both: "telegram" if news else "wechat", chosen: "web"} | ({} if news else {alone: "wechat"})
        assert told == first
        assert whom.by_channel == Counter([*first.values(), *(["wechat"] if news else [])])

    @SQLITE
    def test_shows_what_each_channel_makes_of_it(self, house: House, database_url: str) -> None:
        doors = {channel: ScriptedDoor(channel) for channel in ("web", "telegram", "wechat")}
        show = shown_on(house.texts, doors)
        web, telegram, wechat = (show(_of(NOTICE), "en", channel) for channel in doors)
        assert (web.text, web.buttons) == ("[Menling] Closed on Monday. <b>Sorry</b> /start", ("Have a look",))
        assert telegram.text == "[Menling] Closed on Monday. <b>Sorry</b> ／start"
        assert "https://menling.example/offer" in wechat.text
        assert wechat.buttons == ()
        assert all(one.sent for one in (web, telegram, wechat))

    @SQLITE
    def test_shows_a_reader_in_taiwan_the_houses_own_words_for_it(self, house: House, database_url: str) -> None:
        said = replace(NOTICE, texts={"zh-Hans": "回复“周三”即可预约上门。"}, link=None)
        written = replace(said, texts={"zh-Hans": "回复“周三”即可。", "zh-Hant": "回“週三”即可上門。"})
        show = shown_on(house.texts, {})

        assert show(_of(said), "zh-Hant", "web").text == "【門鈴通知】回覆「週三」即可預約到府。"
        assert show(_of(written), "zh-Hant", "web").text == "【門鈴通知】回“週三”即可上門。"

    @SQLITE
    def test_says_where_news_only_lie_in_the_message_centre(self, house: House, database_url: str) -> None:
        show = shown_on(house.texts, {})
        assert not show(_of(NEWS), "zh-Hans", "wechat").sent
        seen = show(_of(NEWS), "zh-Hant", "telegram")
        assert seen.sent
        assert seen.text.startswith("【門鈴活動】本週八折。")
        assert len(seen.buttons) == 2


def _of(said: Draft) -> Announcement:
    return Announcement(1, said, AnnouncementState.DRAFT, 0, 1, NOON, None, None, None)
