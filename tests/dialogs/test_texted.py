"""What goes by text message reads well on a phone: who writes, what, and the way back; nothing of a chat's screen."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from core.db import Tx
from core.messages import MessageState, Template, outbox, tell
from core.messages.outbox import Outcome
from core.orders.moves import Order
from dialogs.cards.card import Card
from dialogs.cards.texted import MOST_PARTS, WORTH_TEXTING, parts_of, short_words, text_message
from dialogs.cards.words import words_of
from dialogs.outgoing import Body, Button
from dialogs.rendering import prepare
from dialogs.texts import LANGUAGES, read_texts
from tests.dialogs.catalogues import placeholders
from tests.dialogs.chat import World
from tests.dialogs.test_texts_said import _step, an_accepted_order, facts_of

TEXTS = read_texts()
REAL = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CHANNELS = ("wechat", "telegram", "web", None)
HEADS = {"zh-Hans": "【门铃】", "zh-Hant": "【門鈴】", "en": "Menling: "}
OF_A_SCREEN = re.compile(r"点一下|點一下|点“|點「|点下|點下|下面|按钮|按鈕|\b[Tt]ap\b|below|[？?\n{}]")
BLANKS = re.compile(r"[，。：；！] |  ")
LONG = {
    "zh-Hans": {"who": "欧阳师傅和王师傅", "service": "肩颈舒缓推拿", "option": "90 分钟", "region": "朝阳区望京"},
    "zh-Hant": {"who": "歐陽師傅和王師傅", "service": "肩頸舒緩推拿", "option": "90 分鐘", "region": "朝陽區望京"},
    "en": {"who": "Christopher and Wang", "service": "Neck and shoulders", "option": "90 min", "region": "Wangjing"},
}
MOMENTS = {
    "zh-Hans": "明天（11月22日 周日）15:00",
    "zh-Hant": "明天（11月22日 週日）15:00",
    "en": "tomorrow (Sun 22 Nov) 15:00",
}
ADDRESS = {
    "zh-Hans": "望京花园 3 号楼 1201",
    "zh-Hant": "望京花園 3 號樓 1201",
    "en": "1201, Building 3, Wangjing Garden",
}


def facts(lang: str) -> dict[str, object]:
    """What the words are filled with, none of it short."""
    long, moment = LONG[lang], MOMENTS[lang]
    who = long["who"].partition("和")[0].partition(" and")[0]
    money = dict.fromkeys(("amount", "refund", "kept", "compensation", "income"), "¥1,226.40")
    times = {"time": "15:00", "until": "12:30", "moment": moment, "old": moment, "new": moment}
    near = {
        "way": "12.1 km" if lang == "en" else "12.1 公里",
        "eta": 120,
        "minutes": 120,
        "start_code": "3870",
        "code": "K7M2QP",
    }
    names = {"mate": who, "present": who, "asked": who, "address": ADDRESS[lang], "phone": "138 1234 5678"}
    return {**long, **money, **times, **near, **names}


def keys_worth_texting() -> list[tuple[Template, str]]:
    """Every wording of a message that may be texted: that of its name, and those of its variants."""
    by_length = sorted(Template, key=len, reverse=True)
    found = []
    for key in sorted(TEXTS.keys("en")):
        name = key.removeprefix("message.")
        template = next((one for one in by_length if name == one or name.startswith(f"{one}_")), None)
        if name != key and template in WORTH_TEXTING:
            found.append((template, key))
    return found


def texted(world: World, order: Order, template: Template, key: str, lang: str, channel: str | None) -> str:
    def write(tx: Tx) -> str | None:
        text = TEXTS.say(lang, key, **facts(lang))
        return short_words(_step(tx, world, order, lang), template, key, text, facts(lang))

    return text_message(TEXTS, Body("", short=world.read(write)), lang=lang, channel=channel)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_wording_begins_with_who_writes_and_ends_with_the_way_back(world: World, lang: str) -> None:
    order = an_accepted_order(world)
    keys = keys_worth_texting()
    assert {template for template, _ in keys} == WORTH_TEXTING

    for template, key in keys:
        for channel in CHANNELS:
            said = texted(world, order, template, key, lang, channel)
            assert said.startswith(HEADS[lang]), said
            assert TEXTS.say(lang, f"sms.there_{channel or 'chat'}").strip() in said, said
            assert said[-1] in "。.", said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_wording_speaks_of_a_screen_or_asks_what_nobody_can_answer_there(world: World, lang: str) -> None:
    order = an_accepted_order(world)
    for template, key in keys_worth_texting():
        said = texted(world, order, template, key, lang, "wechat")
        assert OF_A_SCREEN.search(said) is None, said
        assert BLANKS.search(said) is None, said
        assert ADDRESS[lang] not in said, said
        assert "138" not in said, said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_wording_takes_three_parts_at_most(world: World, lang: str) -> None:
    order = an_accepted_order(world)
    for template, key in keys_worth_texting():
        for channel in CHANNELS:
            said = texted(world, order, template, key, lang, channel)
            assert parts_of(said) <= MOST_PARTS, (parts_of(said), said)
            assert "…" not in said, said


def test_english_is_written_in_letters_of_which_a_part_holds_153() -> None:
    for template, key in keys_worth_texting():
        own = f"sms.{key.removeprefix('message.')}"
        letters = set(re.sub(r"\{[^}]*\}", "", TEXTS.template("en", own if TEXTS.has(own) else key)))
        assert parts_of("".join(letters).ljust(160, "a")) == 1, (template, letters)


def test_a_text_message_of_its_own_needs_no_fact_the_chat_has_not() -> None:
    own = {
        key for key in TEXTS.keys("en") if TEXTS.has(f"message.{key.removeprefix('sms.')}") and key.startswith("sms.")
    }
    assert len(own) > 20
    for key in own:
        missing = placeholders(TEXTS.template("en", key)) - facts("en").keys()
        assert missing <= {"there"}, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_real_order_is_texted_whole(world: World, lang: str) -> None:
    order = an_accepted_order(world)
    known = facts_of(world, order)

    def write(tx: Tx, template: Template) -> Body:
        return words_of(template, Card(_step(tx, world, order, lang), order, known))

    for template in Template:
        body = world.run(partial(write, template=template))
        assert (body.short is not None) == (template in WORTH_TEXTING), template
        if body.short is not None:
            said = text_message(TEXTS, body, lang=lang, channel="telegram")
            assert OF_A_SCREEN.search(said) is None, said
            assert "Telegram" in said
            assert parts_of(said) <= MOST_PARTS


def test_who_is_to_pay_finds_the_link_at_the_end() -> None:
    body = Body(
        "…", ((Button("Pay", url="https://menling.example/pay/T0K3N", pays="T0K3N"),),), short="Order K7M2QP lapses."
    )

    said = text_message(TEXTS, body, lang="en", channel="wechat")

    assert said == "Menling: Order K7M2QP lapses. Pay here: https://menling.example/pay/T0K3N"


def test_words_frozen_by_a_version_before_are_put_in_one_line_with_a_way_back() -> None:
    body = Body("新单 K7M2QP：肩颈\n明天 15:00 · 望京\n到手 ¥200。\n请答复。")

    said = text_message(TEXTS, body, lang="zh-Hans", channel=None)

    assert said == "【门铃】新单 K7M2QP：肩颈，明天 15:00 · 望京，到手 ¥200。请答复。有事请到和门铃的对话里找我们。"


def test_what_is_too_long_is_cut_and_the_way_back_stays() -> None:
    said = text_message(TEXTS, Body("长" * 500), lang="zh-Hans", channel="wechat")

    assert parts_of(said) == MOST_PARTS
    assert said.endswith("长…有事请到微信里找我们。")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("门" * 70, 1), ("门" * 71, 2), ("😀" * 36, 2)],
)
def test_parts_are_counted_as_telephones_count_them(text: str, parts: int) -> None:
    assert parts_of(text) == parts


def test_what_a_name_holds_is_no_place_to_fill() -> None:
    body = Body("", short="{who} {there} {0} has arrived.")

    assert text_message(TEXTS, body, lang="en", channel="wechat") == "Menling: {who} on WeChat {0} has arrived."


def test_the_words_of_a_text_message_are_kept_with_the_message_and_said_again_the_same(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    order, person_id = chat.order, chat.person_id

    def said(tx: Tx) -> str:
        nudges = [one for one in outbox.claim(tx, now=world.now, real_now=REAL, most=20) if one.template == "pay_nudge"]
        due = max(nudges, key=lambda one: one.id)  # the house's own is older
        prepared = prepare(tx, due, house=world.house, now=world.now)
        assert prepared.body is not None
        outbox.note_one(tx, Outcome(due.id, due.lease, MessageState.WAITING, again_at=world.now), now=world.now)
        return text_message(TEXTS, prepared.body, lang=prepared.lang, channel="wechat")

    world.run(lambda tx: tell(tx, person_id, Template.PAY_NUDGE, dedupe="n", now=world.now, order_id=order.id))
    first = world.run(said)
    world.now += timedelta(days=1)

    assert first.startswith(f"【门铃】订单 {order.code} 还没付款，")
    assert re.search(r"付款：http://\S+/pay/[\w-]+$", first)
    assert world.run(said) == first
