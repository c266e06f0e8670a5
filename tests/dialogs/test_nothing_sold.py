"""A house whose services have not been entered: said once, in the words of whoever asks, with a person to turn to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import open_database
from core.migrations.running import engine_for
from core.tables import metadata
from tests.dialogs.chat import VAULT, World, a_world


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[World]:
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    engine = engine_for(url)
    metadata.create_all(engine)
    engine.dispose()
    db = open_database(url, VAULT)
    yield a_world(db)
    db.close()


@pytest.mark.parametrize(
    ("lang", "said", "seen", "human"),
    [
        ("zh-Hans", "明天下午三点想约个肩颈按摩", "还没有开放预约", "人工"),
        ("zh-Hans", "价格", "还没有开放预约", "人工"),
        ("zh-Hans", "book a massage tomorrow at 3pm", "Nothing can be booked", "A person"),
        ("zh-Hant", "有什麼服務", "還沒有開放預約", "人工"),
        ("en", "what services do you have", "Nothing can be booked", "A person"),
    ],
)
def test_where_nothing_is_sold_that_is_said_and_nothing_is_asked(
    bare: World, lang: str, said: str, seen: str, human: str
) -> None:
    chat = bare.chat("newcomer", lang, channel="telegram", account="main")

    chat.says(said)

    chat.sees(seen, human)
    assert (chat.flow, chat.text.count("\n")) == (None, 0)
    chat.says(said)
    chat.sees(seen)
