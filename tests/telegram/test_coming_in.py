"""Updates through the real webhook: each kind becomes what the dialogs understand, once, whoever sends it."""

import asyncio
import random
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.db import DatabaseBusy
from dialogs.incoming import Contact, Event, Location, Photo, Press, Text, Unreadable
from simulators.tinypng import plain_png
from tests.builders import a_database
from tests.busy import BusyReception
from tests.fake_reception import FakeReception, a_prompt
from tests.telegram.conftest import SECRET, Open, Opened

pytestmark = pytest.mark.anyio
_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


def an_update(update_id: int = 7, **over: Any) -> dict[str, Any]:
    """A private text of Anna."""
    anna = {"id": 5, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private", "first_name": "Anna"}, "from": anna}
    return {"update_id": update_id, "message": message | (over or {"text": "hi"})}


async def post(opened: Opened, body: Any, **headers: str) -> int:
    async with httpx.AsyncClient() as client:
        kind = {"json": body} if isinstance(body, dict) else {"content": body}
        response = await client.post(opened.webhook, headers=_HEADERS | headers, **kind)
    return response.status_code


async def test_words_come_in_with_who_wrote_them_and_in_which_language(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user("Anna", language_code="en-GB")

    await anna.says("any manicure this evening? 💅 今晚")
    await opened.settled()

    came = opened.reception.came[0]
    assert came.content == Text("any manicure this evening? 💅 今晚")
    assert (came.channel, came.account, came.sender, came.lang, came.name) == (
        "telegram", "bell", str(anna.id), "en", "Anna",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "lang"),
    [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("zh-TW", "zh-Hant"), ("de", "en"), (None, None)],
)
async def test_telegrams_language_codes_are_ours(open_door: Open, code: str | None, lang: str | None) -> None:
    opened = await open_door()

    await opened.sim.user("Anna", language_code=code).says("hi")
    await opened.settled()

    assert opened.reception.came[0].lang == lang


async def test_a_command_stands_for_the_same_in_every_language(open_door: Open) -> None:
    opened = await open_door()
    li, ann = opened.sim.user("李"), opened.sim.user("Ann", language_code="en")

    for command in ("/help", "/orders", "/cancel", "/human@menling_bot", "/dance"):
        await li.says(command)
    await ann.says("/orders")
    await opened.settled()

    by_li = [one.content for one in opened.reception.came if one.sender == str(li.id)]
    assert by_li == [
        Text("help"), Event("menu", "my_orders"), Text("cancel"), Event("menu", "human"), Text("/dance")
    ]  # fmt: skip
    assert [one.content for one in opened.reception.came if one.sender == str(ann.id)] == [by_li[1]]


async def test_start_carries_the_deep_links_payload(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()

    await anna.starts()
    await anna.starts("order_M7K2QX")
    await opened.settled()

    assert opened.reception.heard == [Event("start", ""), Event("start", "order_M7K2QX")]


async def test_pictures_come_as_references_that_can_be_fetched(open_door: Open) -> None:
    opened = await open_door()
    anna, picture = opened.sim.user(), plain_png(32, 32)

    await anna.sends_photo(picture, caption="my certificate")
    await anna.sends_document(picture, name="scan.png", mime_type="image/png")
    await opened.settled()

    photos = opened.reception.heard
    assert all(isinstance(photo, Photo) and photo.ref for photo in photos)
    fetched = [await opened.door.fetch("bell", str(photo.ref)) for photo in photos if isinstance(photo, Photo)]
    assert fetched == [picture, picture]


async def test_a_picture_that_is_not_there_is_an_os_error_without_the_token(open_door: Open) -> None:
    opened = await open_door()

    with pytest.raises(OSError, match="did not hand the picture over") as failed:
        await opened.door.fetch("bell", "no-such-file")

    assert opened.params.token not in str(failed.value)


async def test_a_pin_comes_as_it_is(open_door: Open) -> None:
    opened = await open_door()

    await opened.sim.user().sends_location(31.2304, 121.4737)
    await opened.settled()

    assert opened.reception.heard == [Location(31.2304, 121.4737, "")]


async def test_a_contact_is_own_only_when_it_is_the_senders(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user(phone="8613800138000")

    await anna.shares_contact()
    await anna.shares_contact("+447700900123", own=False)
    await opened.settled()

    assert opened.reception.heard == [Contact("+8613800138000", own=True), Contact("+447700900123", own=False)]


async def test_what_cannot_be_read_is_said_to_be_so(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()

    await anna.sends_voice()
    await anna.sends_document(b"%PDF", name="a.pdf", mime_type="application/pdf")
    await opened.settled()
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
               "is_animated": False, "is_video": False}  # fmt: skip
    await post(opened, an_update(sticker=sticker))

    assert opened.reception.heard == [Unreadable("voice"), Unreadable("document"), Unreadable("sticker")]


async def test_a_picture_too_large_to_keep_is_said_to_be_so_and_never_fetched(open_door: Open) -> None:
    opened = await open_door()
    size = {"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}
    file = {"file_id": "d", "file_unique_id": "d", "mime_type": "image/png"}

    await post(opened, an_update(1, photo=[size | {"file_size": 9_000_000}]))
    await post(opened, an_update(2, document=file | {"file_size": 21 * 1024 * 1024}))
    await post(opened, an_update(3, document=file | {"file_size": 8 * 1024 * 1024}))

    assert opened.reception.heard == [Unreadable("too_large"), Unreadable("too_large"), Photo(ref="d")]


async def test_what_is_forwarded_is_marked_as_somebody_elses(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user(phone="+8613800138000")
    command = await anna.says("/cancel")
    place = await anna.sends_location(31.2304, 121.4737, live_period=900)
    contact = await anna.shares_contact()
    await opened.settled()
    before = len(opened.reception.heard)

    for message_id in (command, place, contact):
        await anna.forwards(message_id)
    await opened.settled()
    odd = {"forward_origin": {"type": "of a newer time"}}
    await post(opened, an_update(9, text="好的", **odd))

    assert opened.reception.heard[before:] == [
        Text("/cancel", forwarded=True),
        Location(31.2304, 121.4737),
        Contact("+8613800138000", own=False),
        Text("好的", forwarded=True),
    ]


async def test_a_block_is_told_and_nobody_is_answered(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda _: []))
    anna = opened.sim.user()

    await anna.blocks()
    await opened.settled()

    assert opened.reception.heard == [Event("stop")]
    assert opened.sim.calls_of("sendMessage") == []


async def test_a_press_is_answered_before_its_turn_is_done(open_door: Open) -> None:
    reception = FakeReception(script=lambda _: [a_prompt("选哪位？", "王师傅", "李师傅")])
    opened = await open_door(reception)
    anna = opened.sim.user()
    await anna.says("按摩")
    await anna.sees("选哪位")
    reception.holds = asyncio.Event()

    press = await anna.presses("李师傅")
    await anna.waits_for_answer(press)
    assert len(reception.came) == 1
    reception.holds.set()
    await opened.settled()

    pressed = reception.came[1].content
    assert isinstance(pressed, Press)
    assert pressed.token.endswith(".1")


async def test_an_update_delivered_twice_is_taken_once(open_door: Open) -> None:
    opened = await open_door()
    await opened.sim.user().says("hi")
    await opened.settled()
    update_id = int(opened.reception.came[0].external_id)

    opened.sim.redeliver(update_id)
    await opened.settled()

    assert (len(opened.reception.came), opened.reception.repeats) == (1, 1)
    assert len(opened.sim.calls_of("sendMessage")) == 1


async def test_a_group_is_politely_refused_once_and_never_heard(open_door: Open) -> None:
    opened = await open_door()
    group = {"id": -100, "type": "supergroup", "title": "Neighbours"}

    statuses = [await post(opened, an_update(nth, text="book", chat=group)) for nth in (1, 2)]
    await opened.door.stop()

    assert statuses == [200, 200]
    assert opened.reception.came == []
    assert [call.params["chat_id"] for call in opened.sim.calls_of("sendMessage")] == ["-100"]
    assert "privately" in str(opened.sim.calls_of("sendMessage")[0].params["text"])


async def test_words_corrected_after_the_answer_are_asked_for_again_and_old_ones_left_alone(open_door: Open) -> None:
    opened = await open_door()
    for nth, edit_date in ((1, 2), (2, 3600)):
        edited = an_update(nth)
        edited["edited_message"] = edited.pop("message") | {"edit_date": edit_date}
        assert await post(opened, edited) == 200

    assert opened.reception.heard == [Unreadable("edited")]


async def test_what_is_nobodys_words_to_us_means_nothing(open_door: Open) -> None:
    opened = await open_door()
    channel = {"id": -9, "type": "channel", "title": "News"}
    posted = an_update(1)
    posted["channel_post"] = posted.pop("message") | {"chat": channel}
    pinned = an_update(2, pinned_message={"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}})
    asked = {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "Anna"}, "query": "x", "offset": ""}

    statuses = [await post(opened, one) for one in (posted, pinned, {"update_id": 3, "inline_query": asked})]

    assert statuses == [200, 200, 200]
    assert opened.reception.came == []


async def test_a_kind_of_message_the_library_does_not_know_yet_is_met_with_a_sentence(open_door: Open) -> None:
    opened = await open_door()

    await post(opened, an_update(1, text=None, poll={"id": "a poll of a newer time"}))
    await post(opened, an_update(2, text="今晚八点", entities=[{"type": "bold"}]))

    assert opened.reception.heard == [Unreadable("other"), Text("今晚八点")]


async def test_nesting_without_end_is_an_unreadable_update(open_door: Open) -> None:
    opened = await open_door()

    assert await post(opened, b'{"update_id":1,"message":' + b'{"reply_to_message":' * 20_000) == 200
    assert await post(opened, b"[" * 200_000) == 200
    assert opened.reception.came == []


async def test_a_group_that_becomes_a_supergroup_is_not_refused_again(open_door: Open) -> None:
    opened = await open_door()
    group, larger = {"id": -7, "type": "group", "title": "N"}, {"id": -1007, "type": "supergroup", "title": "N"}

    await post(opened, an_update(1, text="book", chat=group))
    await post(opened, an_update(2, migrate_to_chat_id=-1007, chat=group))
    await post(opened, an_update(3, migrate_from_chat_id=-7, chat=larger))
    await post(opened, an_update(4, text="book", chat=larger))
    await opened.door.stop()

    assert [call.params["chat_id"] for call in opened.sim.calls_of("sendMessage")] == ["-7"]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "é"])
async def test_without_telegrams_secret_nothing_is_read(open_door: Open, secret: str) -> None:
    opened = await open_door()

    async with httpx.AsyncClient() as client:
        headers = {b"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
        forged = await client.post(opened.webhook, json=an_update(), headers=headers)
        bare = await client.post(opened.webhook, json=an_update())
        elsewhere = await client.post(opened.webhook.replace("bell", "other"), json=an_update(), headers=_HEADERS)

    assert (forged.status_code, bare.status_code, elsewhere.status_code) == (403, 403, 404)
    assert opened.reception.came == []


async def test_a_body_larger_than_any_update_is_dropped(open_door: Open) -> None:
    opened = await open_door()

    assert await post(opened, an_update(text="x" * 300_000)) == 200
    assert opened.reception.came == []


async def test_ten_thousand_characters_come_in_whole(open_door: Open) -> None:
    opened = await open_door()

    assert await post(opened, an_update(text="按摩" * 5000)) == 200
    assert opened.reception.heard == [Text("按摩" * 5000)]


async def test_only_a_database_that_is_down_asks_telegram_to_come_again(open_door: Open) -> None:
    opened = await open_door()

    opened.reception.error = DatabaseBusy("away")
    down = await post(opened, an_update())
    opened.reception.error = RuntimeError("a defect")
    defect = await post(opened, an_update())

    assert (down, defect) == (503, 200)


async def test_a_turn_the_database_would_not_take_is_said_in_the_persons_language(
    open_door: Open, tmp_path: Path
) -> None:
    opened = await open_door(BusyReception(db=a_database(tmp_path)))
    anna = opened.sim.user("Anna", language_code="en-GB")

    await anna.says("hello")

    await anna.sees("no need to send it twice")


async def test_five_hundred_broken_updates_never_make_a_server_error(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda _: []))
    chance = random.Random(20261122)
    statuses = set()

    async with httpx.AsyncClient() as client:
        for nth in range(500):
            body = broken(an_update(nth, text="明天下午三点"), chance)
            response = await client.post(opened.webhook, content=body, headers=_HEADERS)
            statuses.add(response.status_code)

    assert statuses == {200}


def broken(update: dict[str, Any], chance: random.Random) -> bytes:
    """The update with a field changed to something odd, or its bytes damaged."""
    odd: list[Any] = [None, "", -1, 2**70, [], {}, True, "\x00", 1e308, ["x"], {"id": {}}, "𝔘" * 50]
    message = update["message"]
    for where in (update, message, message["chat"], message["from"]):
        if chance.random() < 0.4:
            where[chance.choice([*where, "extra"])] = chance.choice(odd)
    raw = bytearray(httpx.Request("POST", "http://x", json=update).content)
    for _ in range(chance.choice((0, 0, 1, 5))):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw[: chance.choice((len(raw), len(raw), chance.randrange(len(raw))))])
