"""Working hours by the week, as people say them."""

import pytest

from dialogs.fields.rota import ImpossibleHours, rota_said
from nlu.text import normalise

NINE_TO_SIX, WORKDAYS = ((540, 1080),), range(5)


def said(text: str) -> dict[int, tuple[tuple[int, int], ...]]:
    return rota_said(normalise(text).text).week


@pytest.mark.parametrize(
    "text",
    [
        "周一到周五9点到6点",
        "週一至週五 上午九點～下午六點",
        "工作日9:00-18:00",
        "9点到18点，周一到周五",
        "Monday to Friday 9 to 6",
        "Mon–Fri 9am–6pm",
        "weekdays from nine to six",
        "9 to 6 Monday to Friday",
    ],
)
def test_one_week_is_said_in_many_ways(text: str) -> None:
    assert said(text) == dict.fromkeys(WORKDAYS, NINE_TO_SIX)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("周三休息", {2: ()}),
        ("休周三", {2: ()}),
        ("Wednesdays and Fridays off", {2: (), 4: ()}),
        ("off on Wednesdays", {2: ()}),
        ("周末不上班", {5: (), 6: ()}),
        ("周六日10点到晚上9点", {5: ((600, 1260),), 6: ((600, 1260),)}),
        ("周一三五 9-18", {0: NINE_TO_SIX, 2: NINE_TO_SIX, 4: NINE_TO_SIX}),
        ("周一9点到12点和14点到18点", {0: ((540, 720), (840, 1080))}),
        ("周五周六晚上8点到凌晨2点", {4: ((1200, 1560),), 5: ((1200, 1560),)}),
        ("周日下午2点到10点", {6: ((840, 1320),)}),
        ("Saturday noon to 8pm", {5: ((720, 1200),)}),
        ("周三休息，周一到周五9点到6点", {0: NINE_TO_SIX, 1: NINE_TO_SIX, 2: (), 3: NINE_TO_SIX, 4: NINE_TO_SIX}),
    ],
)
def test_each_day_gets_the_hours_said_with_it(text: str, week: dict[int, tuple[tuple[int, int], ...]]) -> None:
    assert said(text) == week


def test_hours_or_days_alone_are_told_apart() -> None:
    assert rota_said("9点到6点").hours == NINE_TO_SIX
    assert rota_said("周三").days == (2,)
    assert said("明天下午三点") == {}


@pytest.mark.parametrize("text", ["周一到周五25点到30点", "每天5点到23点"])
def test_hours_no_day_can_hold_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleHours):
        rota_said(text)
