"""Opening the door: what is refused."""

import pytest

from bots.wechat import WeChatParams, open_wechat
from tests.fake_reception import FakeReception
from tests.wechat.conftest import AES_KEY, APPID, SECRET, TOKEN

_GOOD = {"appid": APPID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"appid": ""}, "appid"),
        ({"secret": ""}, "secret"),
        ({"token": ""}, "WECHAT_TOKEN"),
        ({"aes_key": ""}, "safe mode"),
        ({"aes_key": "short"}, "safe mode"),
        ({"aes_key": "?" * 43}, "safe mode"),
        ({"account": "../x"}, "name"),
    ],
)
def test_an_unsafe_setting_is_refused_with_a_sentence(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        open_wechat(WeChatParams(**(_GOOD | wrong)), FakeReception().for_door())  # type: ignore[arg-type]


def test_params_never_show_their_secrets() -> None:
    shown = repr(WeChatParams(**_GOOD))  # type: ignore[arg-type]

    assert all(secret not in shown for secret in (SECRET, TOKEN, AES_KEY))
