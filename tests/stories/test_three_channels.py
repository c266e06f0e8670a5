"""One person in Telegram, in WeChat and at the page: linked by codes, told on each, going on where they left off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.actors import PageActor, TelegramActor, WeChatActor
from tests.stories.running import Platforms, RunningHouse, a_running_house

_CODE = re.compile(r"绑定 ([2-9A-HJKMNP-Z]{8})")


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    """Both platforms on this machine."""
    both = Platforms()
    yield both
    both.close()


@pytest.fixture
def house(tmp_path: Path, platforms: Platforms) -> Iterator[RunningHouse]:
    """A house with all three doors."""
    with a_running_house(tmp_path, platforms=platforms) as running:
        yield running


@pytest.mark.timeout(600)
def test_begun_in_telegram_gone_on_with_in_wechat_and_ended_at_the_page(
    house: RunningHouse, platforms: Platforms
) -> None:
    telegram = TelegramActor(platforms, "zh-hans", "林小姐")
    wechat = WeChatActor(platforms, "zh", "林林")
    page = PageActor(house, "zh-Hans")

    telegram.says("绑定账号")
    code = _CODE.findall(telegram.sees("只能用一次"))[-1]
    wechat.says(f"绑定 {code}")
    wechat.sees("Telegram 上的账号")
    wechat.presses("合并")
    wechat.sees("绑定好了", "Telegram")
    telegram.sees("绑定好了", "微信")
    wechat.says("绑定账号")
    code = _CODE.findall(wechat.sees("只能用一次"))[-1]
    page.says(f"绑定 {code}")
    page.sees("微信上的账号")
    page.presses("合并")
    wechat.sees("绑定好了", "网页")

    telegram.says("明天下午三点约王师傅肩颈按摩90分钟")
    telegram.sees("地址")
    wechat.says("望京花园5号楼101")
    wechat.sees("我们接着说")
    page.says("13800138009")
    page.sees("请核对", "望京花园")
    page.presses("确认下单")
    page.sees("请付款")

    telegram.says("我的订单")
    telegram.sees("肩颈舒缓")
    assert "Traceback" not in house.log
