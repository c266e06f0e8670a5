"""The page as a person meets it: in Chromium, on a desktop and on a phone."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.messages import MessageKind
from dialogs.incoming import Event, Incoming, Location, Photo, Press, Text
from dialogs.outgoing import Body, Button
from tests.web.chromium import ChromiumMissing, Window, a_chromium
from tests.web.conftest import a_photo
from tests.web.scripted import Page, Said, Served, a_page, served

pytestmark = pytest.mark.chromium

HELLO = Body(text="您好，想约什么？", rows=((Button("按摩", action=1), Button("美容", action=2)),))
PAY = Body(
    text="订单 M7K2QX 已为您留到 10:27", rows=((Button("去付款", url="/pay/token"),), (Button("取消", action=3),))
)
OFFER = (Body(text="新单 M7K2QX，请在 10:42 前答复。", rows=((Button("接单", action=1),),)), MessageKind.CARD)


def a_short_booking(incoming: Incoming) -> Sequence[Said]:
    """Answer like a front desk with very few words."""
    match incoming.content:
        case Event("start"):
            return [HELLO]
        case Press() | Text("好的"):
            return [PAY]
        case Photo():
            return [Body(text="收到照片")]
        case Location(_, _, label):
            return [Body(text=f"收到位置：{label}")]
        case Text("电话"):
            return [Body(text="请留手机号", asks="phone")]
        case Text(text):
            return [Body(text=f"您说：{text}")]
        case _:
            return []


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of this file."""
    try:
        with a_chromium() as browser:
            yield browser
    except ChromiumMissing as missing:
        if os.environ.get("MENLING_TEST_ALL"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Page, Served]]:
    """The page of a demo, served."""
    page = a_page(tmp_path, script=a_short_booking)
    with served(page) as server:
        yield page, server


@pytest.fixture
def window(chromium: Browser, live: tuple[Page, Served]) -> Iterator[Window]:
    """A desktop window on the page; it must have nothing to complain about."""
    opened = Window(chromium, live[1].url, viewport={"width": 1280, "height": 800})
    yield opened
    opened.close()
    assert opened.complaints == []


def test_the_house_greets_and_a_press_is_answered_while_older_buttons_stop_counting(window: Window) -> None:
    customer = window.seat("customer")
    greeting = customer.sees("想约什么")

    customer.presses("按摩")

    customer.sees("M7K2QX")
    expect(greeting.locator("button.choice").first).to_be_disabled()
    expect(customer.node.locator(".mine.said")).to_have_text(re.compile("按摩"))
    expect(customer.link("去付款")).to_have_attribute("href", re.compile(r"^http://127\.0\.0\.1:\d+/pay/token$"))


def test_both_phones_are_live_side_by_side(window: Window, live: tuple[Page, Served]) -> None:
    page, server = live
    customer, technician = window.seat("customer"), window.seat("technician")
    customer.sees("想约什么")
    technician.sees("想约什么")

    server.do(page.reception.tell("demo", "technician-wang", OFFER))

    expect(technician.sees("新单").locator("button.choice")).to_be_enabled()
    expect(customer.node).to_be_visible()
    expect(customer.node.locator(".theirs")).to_have_count(1)


def test_what_people_write_is_only_ever_text(window: Window) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")

    customer.says("<img src=x onerror=alert(1)> https://example.com/a?b=1)")

    line = customer.sees("您说：<img src=x")
    expect(line.locator("img")).to_have_count(0)
    expect(line.locator("a")).to_have_attribute("href", "https://example.com/a?b=1")
    expect(line.locator("a")).to_have_attribute("rel", "noopener noreferrer")


def test_a_photo_and_a_place_are_sent_and_shown(window: Window) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")

    customer.sends_photo(a_photo(width=900, height=600))
    customer.sees("收到照片")
    picture = customer.node.locator(".mine img:not(.preview)")
    expect(picture).to_have_js_property("naturalWidth", 900)
    customer.sends_place("望京花园")

    customer.sees("收到位置：望京花园")


def test_a_photo_that_is_none_is_explained_before_it_is_sent(window: Window, live: tuple[Page, Served]) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")

    customer.sends_photo(b"not a picture", mime="image/png")

    expect(window.page.locator("#trouble")).to_contain_text("JPG 或 PNG")
    assert not [came for came in live[0].reception.came if isinstance(came.content, Photo)]


def test_words_that_did_not_leave_are_kept_and_sent_once_later(window: Window, live: tuple[Page, Served]) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")
    window.context.set_offline(True)
    customer.box.fill("好的")
    customer.box.press("Enter")
    again = customer.node.locator(".again")
    expect(again).to_be_visible()

    window.context.set_offline(False)
    again.click()

    customer.sees("M7K2QX")
    expect(again).to_have_count(0)
    assert [came.content for came in live[0].reception.came].count(Text("好的")) == 1
    window.complaints.clear()  # the browser itself notes that it was offline


def test_the_page_speaks_english_and_says_so_to_the_house(window: Window, live: tuple[Page, Served]) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")

    with window.page.expect_response(re.compile("/web/customer/lang")) as told:
        window.speak("en")

    assert told.value.ok
    expect(window.page.locator("h1")).to_have_text("Menling")
    expect(customer.box).to_have_attribute("placeholder", "What would you like, and when?")
    window.page.reload()
    expect(window.page.locator("html")).to_have_attribute("lang", "en")
    customer.says("好的")
    assert live[0].reception.came[-1].lang == "en"


def test_a_question_for_a_phone_number_brings_the_right_keyboard(window: Window) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")

    customer.says("电话")
    customer.sees("请留手机号")

    expect(customer.box).to_have_attribute("inputmode", "tel")
    expect(customer.box).to_have_attribute("placeholder", re.compile("13800138000"))


def test_the_demos_clock_moves_and_another_technician_sits_down(window: Window, live: tuple[Page, Served]) -> None:
    window.seat("technician").sees("想约什么")
    shown = window.page.locator("#clock-time")
    expect(shown).to_have_text(re.compile(r"\d+月\d+日 周. \d\d:\d\d"))

    window.page.locator("[data-until]").click()
    expect(shown).to_have_text(re.compile("09:00$"))

    window.page.locator("#phone-technician select").select_option("li")
    window.seat("technician").says("你好")
    assert live[0].reception.came[-1].sender == "technician-li"


def test_who_reads_further_up_is_told_of_news_and_not_moved(window: Window, live: tuple[Page, Served]) -> None:
    page, server = live
    customer = window.seat("customer")
    customer.sees("想约什么")
    for number in range(9):
        customer.says(f"第 {number} 句")
        customer.sees(f"您说：第 {number} 句")
    customer.node.locator(".log").evaluate("log => { log.scrollTop = 0; }")
    sender = next(came.sender for came in page.reception.came if came.account == "page")

    server.do(page.reception.tell("page", sender, OFFER))

    news = customer.node.locator(".newer")
    expect(news).to_have_text("1 条新消息")
    assert customer.node.locator(".log").evaluate("log => log.scrollTop") == 0
    assert window.page.title().startswith("(1)")
    news.click()
    expect(news).to_be_hidden()
    assert not window.page.title().startswith("(")


def test_a_person_can_do_everything_with_the_keyboard(window: Window) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")
    customer.button("美容").focus()

    window.page.keyboard.press("Enter")
    customer.sees("M7K2QX")
    window.page.keyboard.press("Tab")

    focused = window.page.evaluate("document.activeElement.textContent")
    assert "去付款" in focused
    expect(customer.node.locator(".log")).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("width", [390, 360])
def test_on_a_phone_one_chat_fills_the_screen_and_tabs_change_it(
    chromium: Browser, live: tuple[Page, Served], width: int
) -> None:
    page, server = live
    window = Window(chromium, server.url, viewport={"width": width, "height": 740}, is_mobile=True, has_touch=True)
    customer, technician = window.seat("customer"), window.seat("technician")
    customer.sees("想约什么")
    expect(technician.node).to_be_hidden()
    assert window.page.evaluate("document.documentElement.scrollWidth") == width
    assert window.page.locator("#clock").evaluate("bar => bar.scrollWidth <= bar.clientWidth")

    expect(window.page.locator("#tab-technician")).to_be_visible()
    server.do(page.reception.tell("demo", "technician-wang", OFFER))

    expect(window.page.locator("#tab-technician .badge")).to_be_visible()
    window.page.locator("#tab-technician").click()
    technician.sees("新单")
    expect(customer.node).to_be_hidden()
    expect(window.page.locator("#tab-technician .badge")).to_be_hidden()
    window.close()
    assert window.complaints == []


def test_outside_a_demo_there_is_one_chat_and_a_way_for_technicians_to_sign_in(
    chromium: Browser, tmp_path: Path
) -> None:
    with served(a_page(tmp_path, demo=False, script=a_short_booking)) as server:
        window = Window(chromium, server.url)
        window.seat("customer").sees("想约什么")
        expect(window.page.locator("#clock")).to_be_hidden()
        expect(window.page.locator("#phone-technician")).to_have_count(0)

        window.page.locator("#sign-in").click()
        window.page.locator("#sign-phone").fill("13900139000")
        window.page.locator("#sign-send").click()
        expect(window.page.locator("#sign-hint")).to_contain_text("验证码已经发出")
        window.page.locator("#sign-code").fill("123456")
        window.page.locator("#sign-prove").click()

        expect(window.page.locator("#sign-hint")).to_contain_text("验证码不对")
        window.close()


def test_words_that_are_refused_go_back_where_they_were_typed(window: Window) -> None:
    customer = window.seat("customer")
    customer.sees("想约什么")
    window.context.clear_cookies()

    customer.box.fill("明天下午三点")
    customer.box.press("Enter")

    expect(customer.box).to_have_value("明天下午三点")
    customer.sees("想约什么")
    customer.box.press("Enter")
    customer.sees("您说：明天下午三点")
    window.complaints.clear()  # the browser itself notes the refusal
