"""A massage by four hands, in the words of everybody: booked once, agreed to twice, done together, paid alike."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.dialogs.chat import Chat, World, a_world, make_city
from tests.dialogs.steps import EN, ZH, in_english
from tests.dialogs.words import WORDS

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
MASSEURS = ("wang", "li", "zhou", "lin")


def at_summary(world: World, lang: str, who: str | None = None) -> Chat:
    """Four hands tomorrow at 18:00."""
    chat = world.chat("guest", lang)
    chat.says("明天下午六点约个四手按摩" if lang == ZH else "a four hand massage tomorrow at 6pm")
    chat.says("四手按摩" if lang == ZH else "Four hands")
    chat.says(WORDS[lang]["address"])
    chat.sees("另一位由我们安排" if lang == ZH else "second one")
    chat.says(who or ("谁都行" if lang == ZH else "anyone is fine"))
    chat.says(WORDS[lang]["phone"])
    assert chat.asking == "*summary*", chat.transcript()
    return chat


def paid(world: World, lang: str, who: str | None = None) -> tuple[Chat, Chat, Chat]:
    """The customer, who leads and who comes along; both are asked."""
    for code in MASSEURS:
        in_english(world.technician(code), lang)
    chat = at_summary(world, lang, who)
    chat.says(WORDS[lang]["yes"])
    chat.pays()
    lead, companion = (technician_of(world, one) for one in chat.order.crew_ids)
    return chat, lead, companion


def technician_of(world: World, technician_id: int | None) -> Chat:
    return next(each for each in map(world.technician, MASSEURS) if each.working.id == technician_id)


def name(chat: Chat, lang: str) -> str:
    return chat.working.names[lang]


ACCEPT = {ZH: "接单", EN: "Accept"}


@BOTH
def test_the_summary_names_both_and_holds_the_time_of_both(world: World, lang: str) -> None:
    chat = at_summary(world, lang)

    held = chat.held
    assert len(held) == 2
    names = [name(technician_of(world, one.technician_id), lang) for one in held]
    chat.sees(("、" if lang == ZH else " and ").join(names), "18:00–19:15")


def whole_story(world: World, lang: str) -> None:
    chat, lead, companion = paid(world, lang)
    one, other = name(lead, lang), name(companion, lang)
    lead.sees("您主做" if lang == ZH else "you lead", other)
    companion.sees("您配合" if lang == ZH else "you come along", one)
    companion.does_not_see("1201", "138", "7700")

    companion.presses(ACCEPT[lang])
    companion.sees(f"等{one}也确认" if lang == ZH else f"Once {one} accepts too")
    companion.does_not_see("1201")
    assert chat.order.state == "to_accept"
    lead.presses(ACCEPT[lang])
    lead.sees("1201")
    world.deliver()
    companion.sees(
        f"{one}也接单了" if lang == ZH else f"{one} has accepted too", "1201", "导航" if lang == ZH else "Navigate"
    )
    companion.does_not_see("我出发了", "I'm on my way")
    chat.sees(f"{one}、{other}都接单了" if lang == ZH else f"{one} and {other} have both accepted")

    world.at(chat.order.starts_at - timedelta(minutes=40))
    lead.presses("我出发了" if lang == ZH else "I'm on my way")
    world.at(chat.order.starts_at)
    lead.presses("我到了" if lang == ZH else "I'm here")
    lead.says(chat.order.start_code)
    world.at(chat.order.ends_at)
    lead.presses("完成服务" if lang == ZH else "Finish")
    lead.photo()
    lead.presses("发好了" if lang == ZH else "That's all")
    world.deliver()
    chat.presses("确认完成" if lang == ZH else "All done")
    world.deliver()

    income = chat.order.quote.income_minor
    for each, part in ((lead, income - income // 2), (companion, income // 2)):
        each.sees(f"¥{part / 100:.2f}".removesuffix(".00"))
        each.says("我的收入" if lang == ZH else "my earnings")
        each.sees(f"¥{part / 100:.2f}".removesuffix(".00"))
    world.settled()


@BOTH
def test_a_cancel_after_one_of_two_has_accepted_does_not_say_that_nobody_has(world: World, lang: str) -> None:
    chat, _, companion = paid(world, lang)
    chat.says("取消订单" if lang == ZH else "cancel my order")
    chat.sees("师傅还没定下来" if lang == ZH else "No technician is confirmed")
    chat.presses("保留订单" if lang == ZH else "Keep it")

    companion.presses(ACCEPT[lang])
    chat.says("取消订单" if lang == ZH else "cancel my order")

    chat.sees("还没出发，全额退" if lang == ZH else "hasn't set out: full refund")


@BOTH
def test_from_the_first_word_to_the_money_of_both(world: World, lang: str) -> None:
    whole_story(world, lang)


@pytest.fixture
def server_world(database_url: str) -> Iterator[World]:
    db = make_city(database_url)
    yield a_world(db)
    db.close()


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_the_same_story_ends_the_same_on_a_server_database(server_world: World) -> None:
    whole_story(server_world, ZH)


@BOTH
def test_a_companion_who_refuses_is_replaced_and_the_lead_s_card_still_counts(world: World, lang: str) -> None:
    chat, lead, companion = paid(world, lang)
    companion.presses("不接" if lang == ZH else "Turn down")
    companion.presses(companion.labels[0])
    world.deliver()

    new = technician_of(world, chat.order.companion_id)
    assert new.name != companion.name
    new.sees("您配合" if lang == ZH else "you come along")
    chat.sees("已经换人" if lang == ZH else "found somebody else", name(new, lang))
    assert chat.order.technician_id == lead.working.id
    lead.presses(ACCEPT[lang])
    lead.sees(f"等{name(new, lang)}也确认" if lang == ZH else f"Once {name(new, lang)} accepts too")
    new.presses(ACCEPT[lang])
    assert chat.order.state == "accepted"
    companion.presses(ACCEPT[lang])
    assert chat.order.companion_id == new.working.id
    world.settled()


@BOTH
def test_a_companion_gives_the_visit_back_by_button_and_the_lead_keeps_it(world: World, lang: str) -> None:
    chat, lead, companion = paid(world, lang)
    lead.presses(ACCEPT[lang])
    companion.presses(ACCEPT[lang])
    companion.presses("去不了了" if lang == ZH else "I can't go")
    companion.presses(companion.labels[0])
    companion.presses(companion.labels[0])
    world.deliver()

    assert chat.order.state == "to_accept"
    assert chat.order.technician_id == lead.working.id
    assert chat.order.companion_id not in (None, companion.working.id)
    world.settled()


@BOTH
def test_who_said_yes_first_may_still_say_that_they_cannot(world: World, lang: str) -> None:
    chat, lead, companion = paid(world, lang)
    companion.presses(ACCEPT[lang])
    companion.presses("去不了了" if lang == ZH else "I can't go")
    companion.presses(companion.labels[0])
    companion.presses(companion.labels[0])

    assert chat.order.state == "to_accept"
    assert chat.order.technician_id == lead.working.id
    assert chat.order.companion_id != companion.working.id
    world.settled()


def test_both_find_it_in_their_day_and_only_the_lead_can_set_out(world: World) -> None:
    chat, lead, companion = paid(world, ZH)
    lead.presses("接单")
    companion.presses("接单")
    world.deliver()
    for each in (lead, companion):
        each.says("明天的单")
        each.sees("四手按摩", chat.order.code, "1201")
    lead.sees(f"和{name(companion, ZH)}一起")
    assert any("出发" in label for label in lead.labels)
    assert not any("出发" in label for label in companion.labels)


def test_with_nobody_for_one_place_the_customer_chooses_and_the_other_is_told(world: World) -> None:
    chat, lead, _ = paid(world, ZH)
    lead.presses("接单")
    world.later(minutes=5, seconds=1)
    world.later(minutes=5)
    world.later(minutes=5)

    assert chat.order.state == "undecided"
    chat.sees("没人能接")
    lead.sees("不用管了")
    assert chat.order.crew_ids == ()
    world.settled()


def test_one_asked_for_by_name_leads(world: World) -> None:
    chat, lead, companion = paid(world, ZH, who="周师傅")

    assert lead.name == "technician-zhou"
    assert companion.name != lead.name
    chat.sees("周师傅、")


def test_a_massage_by_two_hands_is_as_before(world: World) -> None:
    chat = world.chat("guest")
    chat.books()

    assert (chat.order.crew, chat.order.companion_id) == (1, None)
