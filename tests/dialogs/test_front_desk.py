"""What a good front desk hears: hints are kept, questions answered, and nobody is taken at a word they did not say."""

import pytest

from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH


def test_a_length_said_before_the_service_is_kept_for_it(world: World) -> None:
    chat = world.chat("chen")
    chat.says("我想约个服务")
    chat.says("90分的吧")
    chat.sees("90 分钟，记下了")
    chat.says("肩颈")
    chat.says("明天下午三点")
    assert chat.asking == "address"


def test_anything_goes_at_the_service_question_is_no_miss(world: World) -> None:
    chat = world.chat("chen")
    chat.says("我想约个服务")
    chat.says("都行")
    chat.sees("得先选一项")
    assert chat.frame.misses == 0


def test_a_named_technician_narrows_the_services_to_theirs(world: World) -> None:
    chat = world.chat("chen")
    chat.says("我想约个服务")
    chat.says("王师傅")
    chat.sees("王师傅")
    assert "光疗美甲 ¥168起" not in chat.labels
    assert "肩颈舒缓 ¥198起" in chat.labels


def test_the_difference_between_services_is_said_in_a_line_each(world: World) -> None:
    chat = world.chat("emma", EN)
    chat.says("what is the difference between the massages")
    chat.sees("Loosens the neck", "herbal soak")


def test_a_yes_to_carrying_on_shows_the_summary_and_buys_nothing(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.books_to_summary()
    chat.says("我叫陈美玲")
    chat.sees("陈美玲", "要继续吗")
    chat.says("好")
    assert not chat.orders
    chat.sees("请核对")


def test_somebody_who_takes_no_visits_now_costs_only_the_name_and_not_the_time(world: World) -> None:
    world.technician("wang").says("收工")
    chat = world.customer("xiaoyu")
    chat.says("王师傅 肩颈60分钟 明天上午10点")
    chat.sees("王师傅")
    assert chat.asking == "technician"
    chat.sees("明天", "10:00", "苏苏")


def test_the_command_is_no_part_of_the_address_saved_and_the_label_is_taken(world: World) -> None:
    chat = world.chat("chen")
    chat.says("加一个地址 望京花园2栋303 公司")
    chat.sees("望京花园2栋303")
    chat.does_not_see("加一个地址 ", "这是哪里")


@pytest.mark.parametrize("words", ["Привет, хочу массаж", "こんにちは マッサージ"])
def test_whoever_writes_a_language_we_do_not_speak_is_told_which_we_do(world: World, words: str) -> None:
    chat = world.chat("emma", EN)
    chat.says(words)
    chat.sees("English and Chinese")


def test_the_last_booking_is_repeated_though_it_has_not_taken_place_yet(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.books()
    chat.pays()
    chat.says("跟上次一样再来一次 周三晚上7点")
    chat.sees("和上次一样：肩颈舒缓")


@pytest.mark.parametrize("lang", [ZH, EN])
def test_no_with_nothing_running_shows_the_menu_alone(world: World, lang: str) -> None:
    chat = world.chat("chen", lang)
    chat.says("不行" if lang == ZH else "no")
    chat.does_not_see("先不办", "left it")


def test_thanks_for_one_thing_carry_on_with_nothing_else(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.books_to_summary()
    chat.says("我叫陈美玲")
    chat.says("谢谢")
    chat.sees("不客气", "继续")
    chat.does_not_see("请核对")


def test_a_question_about_cancelling_keeps_the_booking_and_its_time(world: World) -> None:
    chat = world.chat("emma", EN)
    chat.books_to_summary()
    chat.says("what if I need to cancel?")
    chat.sees("Free until")
    assert chat.flow == "book"
    assert chat.held


def test_another_time_before_one_is_asked_for_is_heard_and_not_taken_for_an_address(world: World) -> None:
    chat = world.chat("chen")
    chat.says("肩颈60分钟 明天上午10点")
    assert chat.asking == "address"
    chat.says("换个时间")
    chat.sees("稍后会问到")
    assert chat.asking == "address"
    assert "start" not in chat.values


@pytest.mark.parametrize("words", ["I'll be at the hotel", "We'll be at home", "I am at my hotel"])
def test_where_somebody_will_be_is_no_name_of_a_street(world: World, words: str) -> None:
    chat = world.chat("emma", EN)
    chat.says("Book neck and shoulder massage 60 min tomorrow 3pm")
    chat.says(words)

    assert chat.asking == "address"
    chat.does_not_see("district is")


@pytest.mark.parametrize(
    ("words", "seen", "labels"),
    [
        ("我腰不舒服有什么推荐", ("腰", "从头到脚的中式推拿", "不是治疗"), ["全身推拿 ¥228起", "看看其他项目"]),
        ("腿酸做什么项目好", ("腿", "足底和小腿"), ["足部按摩 ¥168起", "看看其他项目"]),
        ("我腰不舒服有什麼推薦", ("腰", "中式推拿", "不是治療"), ["全身推拿 ¥228起", "看看其他項目"]),
        (
            "my lower back is sore, what would you suggest",
            ("lower back", "tuina", "not treatment"),
            ["Full-body massage, from ¥228", "Something else"],
        ),
    ],
)
def test_what_suits_is_told_by_the_catalogue_s_own_words(
    world: World, words: str, seen: tuple[str, ...], labels: list[str]
) -> None:
    chat = world.chat("lin", EN if words.isascii() else ZH)
    chat.says(words)

    chat.sees(*seen)
    assert chat.labels[:2] == labels
    chat.presses(labels[1])
    assert chat.asking == "service"
    chat.does_not_see(*seen[1:])
    assert len(chat.labels) > 3


def test_tiredness_alone_needs_no_doctor_and_no_more_than_two_are_named(world: World) -> None:
    chat = world.chat("lin")
    chat.says("后背有点紧，推荐个按摩")

    chat.sees("全身推拿", "精油 SPA")
    chat.does_not_see("治疗", "肩颈舒缓")
    chat.says("精油的")
    assert chat.asking == "option"


def test_advice_that_names_nothing_shows_everything(world: World) -> None:
    chat = world.chat("lin")
    chat.says("有什么推荐")

    assert chat.asking == "service"
    assert "足部按摩 ¥168起" in chat.labels


@pytest.mark.parametrize("words", ["背疼想按摩", "什么按摩适合背疼", "我想做个全身推拿按摩"])
def test_the_name_of_the_trade_chooses_no_option(world: World, words: str) -> None:
    chat = world.chat("lin")
    chat.says(words)

    assert chat.asking == "option"
    assert "option" not in chat.values
    chat.says("四手的")
    assert chat.asking == "address"
