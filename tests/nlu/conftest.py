"""A shop with a few services and technicians, and one way to read a message in it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from nlu import Asked, Lexicon, LexiconEntry, Understanding, understand

# Saturday 21 November 2026, 10:00 in Beijing.
SATURDAY_MORNING = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

Read = Callable[..., Understanding]


def a_lexicon() -> Lexicon:
    return Lexicon.of(
        (
            LexiconEntry("neck", "service", ("肩颈舒缓", "肩颈按摩", "肩颈", "neck and shoulder massage")),
            LexiconEntry("body", "service", ("全身按摩", "全身放松", "full body massage")),
            LexiconEntry("manicure", "service", ("美甲", "美甲护理", "gel manicure", "manicure")),
            LexiconEntry("cleaning", "service", ("家政保洁", "保洁", "house cleaning")),
            LexiconEntry("sixty", "option", ("60分钟", "60 minutes")),
            LexiconEntry("ninety", "option", ("90分钟", "90 minutes")),
            LexiconEntry("french", "option", ("法式", "french tips")),
            LexiconEntry("wang", "technician", ("王师傅", "王强", "Wang"), number=9, sex="male"),
            LexiconEntry("li", "technician", ("李师傅", "李娜"), number=3, sex="female"),
            LexiconEntry("zhang-a", "technician", ("张敏",)),
            LexiconEntry("zhang-b", "technician", ("张强",)),
            LexiconEntry("mia", "technician", ("Mia Chen",)),
            LexiconEntry("chaoyang", "region", ("朝阳区", "朝阳", "Chaoyang")),
            LexiconEntry("garden", "place", ("望京花园", "Wangjing Garden")),
        )
    )


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return a_lexicon()


@pytest.fixture
def read(lexicon: Lexicon) -> Read:
    """Read a message as this shop would; asked and choices tell what is on the person's screen."""

    def reader(
        text: str,
        asked: str | None = None,
        choices: int = 0,
        *,
        lang: str = "zh-Hans",
        zone: str = "Asia/Shanghai",
        now: datetime = SATURDAY_MORNING,
    ) -> Understanding:
        return understand(text, lang=lang, zone=zone, now=now, lexicon=lexicon, asked=Asked(asked, choices))

    return reader
