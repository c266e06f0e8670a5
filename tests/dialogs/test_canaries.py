"""What people told us is in no file and no log, and unreadable once they are erased."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core import people
from core.conversations.tables import conversation, inbox
from core.errors import PersonErased
from core.files.tables import file
from core.messages.tables import message
from core.orders.views import Viewer, details
from core.people.tables import person
from dialogs.incoming import Contact, Location
from menling.logs import set_up_logs
from tests.dialogs.chat import PIN, Chat, World

PHONE = "13912345678"
CANARIES = {
    "phone": PHONE,
    "phone, international": f"+86{PHONE}",
    "district and compound": "金丝雀公馆",
    "door": "七号楼零零七",
    "pin's label": "云雀路口",
    "review": "像夜莺一样温柔",
    "reason": "白鹭不舒服",
    "application": "黄鹂师傅",
    "refused words": "杜鹃啼血",
}
"""Words that occur nowhere else, as people of the story say them."""


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything logged, down to the last detail."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def tell_everything(world: World) -> Chat:
    """A booking with a typed address, then one at a pin, a visit with a review, and two technicians who say why not."""
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books(address=f"高新区{CANARIES['district and compound']} 3 号楼 1201", phone=PHONE)
    chat.pays()
    wang.presses("接单")
    world.deliver()
    world.at(chat.order.starts_at)
    wang.presses("我出发了")
    wang.presses("我到了")
    wang.says(chat.order.start_code)
    world.at(chat.order.ends_at)
    wang.presses("完成服务")
    wang.photo()
    wang.presses("发好了")
    world.deliver()
    chat.presses("确认完成")
    world.deliver()
    chat.presses("去评价")
    for said in ("5", "是的", CANARIES["review"]):
        chat.says(said)
    chat.presses("不用照片")
    chat.says("后天下午三点约王师傅肩颈按摩90分钟")
    chat.presses("改地址")
    chat.sends(Location(PIN.lat, PIN.lng, CANARIES["pin's label"]))
    chat.says(CANARIES["door"])
    chat.sends(Contact(f"+86{PHONE}", own=True))
    chat.says(CANARIES["refused words"])
    return chat


def tell_as_technician(world: World) -> None:
    new = world.chat("new")
    new.says("我想当技师")
    new.says(CANARIES["application"])
    new.presses("女")
    other, wang = world.chat("other"), world.technician("wang")
    other.books(book="周四下午三点想约个肩颈按摩", address="望京花园 3 号楼 1202", phone="13900139000")
    other.pays()
    wang.presses("不接")
    wang.presses("其他")
    wang.says(CANARIES["reason"])


def bytes_on_disk(url: str) -> dict[str, bytes]:
    path = Path(url.removeprefix("sqlite:///"))
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def forms(canary: str) -> list[bytes]:
    """A canary as it could be written: UTF-8, UTF-16, escaped JSON."""
    return [canary.encode(), canary.encode("utf-16-le"), canary.encode("unicode_escape")]


def test_nothing_people_told_is_readable_in_the_database_files_or_the_log(
    world: World, city_url: str, heard: pytest.LogCaptureFixture
) -> None:
    tell_everything(world)
    tell_as_technician(world)
    files = bytes_on_disk(city_url)

    assert any(name.endswith("-wal") for name in files)
    assert any(world.chat("lin").orders[0].code.encode() in content for content in files.values())
    logged = "\n".join(repr(vars(record)) for record in heard.records) + heard.text
    for what, canary in CANARIES.items():
        for name, content in files.items():
            for form in forms(canary):
                assert form not in content, f"{what} is readable in {name}"
        assert canary not in logged, what


def test_a_failing_turn_logs_no_words_either(
    world: World, city_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the product's own log, tracebacks and all."""
    chat = world.chat("lin")
    chat.books_to_summary(address=f"高新区{CANARIES['district and compound']} 3 号楼 1201", phone=PHONE)
    monkeypatch.setattr("core.orders.placing.place", _broken)
    monkeypatch.setattr("core.db.units._SLOW_SECONDS", 60.0)  # a busy machine's units are logged as well
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        set_up_logs(as_json=True, level="debug")
        chat.says("好的", failing=True)
    finally:
        root.handlers[0].flush()
        root.handlers[:], root.level = before
    logged = capsys.readouterr().err

    assert "turn failed" in logged
    assert len(logged.strip().splitlines()) == 1
    for canary in CANARIES.values():
        assert canary not in logged
        assert canary.encode("unicode_escape").decode() not in logged


def _broken(_tx: object, _person_id: int, plan: object, **_: object) -> object:
    """Fail as a careless library does: with the words in the error."""
    raise RuntimeError(f"cannot place {plan!r}")


def test_an_erased_person_is_unreadable_and_the_books_still_balance(world: World, city_url: str) -> None:
    chat = tell_everything(world)
    me, order = chat.person_id, chat.orders[0]
    sealed = world.read(lambda tx: bytes(tx.scalar(select(person.c.sealed_key).where(person.c.id == me))))
    assert sealed in b"".join(bytes_on_disk(city_url).values())
    world.run(lambda tx: people.erase(tx, me, world.now))

    with pytest.raises(PersonErased):
        world.read(lambda tx: people.key_of(tx, me))
    assert world.read(lambda tx: details(tx, order.id, viewer=Viewer.OPERATOR)).address_text is None
    for table, column in (
        (inbox, "raw_sealed"),
        (message, "body_sealed"),
        (conversation, "state_sealed"),
        (file, "body_sealed"),
    ):
        rows = world.read(lambda tx, t=table, c=column: tx.all(select(t.c[c]).where(t.c.person_id == me)))  # type: ignore[misc]
        assert all(row[0] is None for row in rows), table.name
    world.settled()
    world.db.close()
    assert sealed not in b"".join(bytes_on_disk(city_url).values())


def test_an_erased_person_who_writes_again_is_somebody_new(world: World) -> None:
    chat = world.chat("lin")
    chat.books()
    me = chat.person_id
    world.run(lambda tx: people.erase(tx, me, world.now))
    chat.received.clear()
    chat.says("我的订单")

    assert chat.person_id != me
    chat.sees("您还没有订单")
