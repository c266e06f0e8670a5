"""An address in no district of ours leads to another address, not into a dead end."""

import pytest

from tests.dialogs.chat import World

_SAID = {
    "zh-Hans": ("明天下午三点想约个肩颈按摩", "90分钟的", "太阳宫中路8号楼301室", "望京花园 3 号楼 1201"),
    "en": ("neck massage tomorrow at 3pm", "90 minutes", "12 Faraway Street, 301", "Wangjing Garden, Block 3, 1201"),
}
_WAY_OUT = {"zh-Hans": "都不在，换个地址", "en": "Somewhere else; change the address"}


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_an_address_in_none_of_our_districts_can_be_changed(world: World, lang: str) -> None:
    chat = world.customer("elsewhere", lang)
    book, option, far, near = _SAID[lang]
    for words in (book, option, far):
        chat.says(words)
    assert chat.asking == "district"

    chat.presses(_WAY_OUT[lang])
    assert chat.asking == "address"

    chat.says(near)
    assert chat.asking not in ("address", "district")
