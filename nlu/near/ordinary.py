# ruff: noqa: E501 - words stand in rows
"""Words that are themselves and no misspelling of a name, however near they come."""

from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "ordinary.txt"
"""The English words of our own examples, one to a line."""

_MORE = (
    "passage message messages messaged sausage usage manage damage village garage average luggage clear clears cleared clearing clearly climb clan claim leaning learning meaning "
    "train trains brain grain drawn dream drank drink drains rain racial social special fragile dying during mails rails tails fails hails nailed snails walls halls "
    "washes classes glasses lasses flashes slashes dashes crashes clashes latches lunches leashes looks looked block blocks clock locker locked lucky lack rocks socks docks "
    "horse mouse hours hoses hearse booty bodily buddy shoulder should shouldn shudder holder folder older check deck back pack thank thanks threat tread thread threads treading treating treat treatment treatments "
    "wander wonder widow willow winter cutting getting setting petting carpets carper trumpet market matters matter mattered manner manners manager maker baked bakery barker taker bakers "
    "facility facing faced facials faucet chaining chairing hiring wiring wearing waxed waning walking waking baking making taking talking caring carrying parking painting pointing printing "
    "removal removed approval spring string strong swing sing singing cooking looking booking bookings hooking choking joking massive mastery master masters plumb plumber number lumber slumber "
    "moving loving movies roving removing saving shaving having leaving living giving gardens garden gardener warden pardon harden parents patience patients technical techniques extension extensions "
    "tension attention mention intention pension reflex reflection selection section sections factions fashion passion mission session sessions version vision portion position potion lotion motion "
    "chelsea camera camden camped campus garments apartment department appointment apportion electric electrical election elections electrics selecting collecting directing expecting inspecting "
    "susie lindy annie linda anna sunny sundry surely shirt short sheet shower showers shaper shapes sheer steam stream dread bread breed breath breathe treats trees three there their these those where were "
    "full pull bull fill fell fall foot food fool root boot boat feet feel feed body baby busy neck next nick need hair fair chair pair hail nail mail rail sail tail deep deer dear deed beep keep seep sleep "
    "lash dash cash wash rash last lost list gels girl bell cell tell sell"
)  # fmt: skip

HAN = frozenset(
    "保结 保节 推哪 推那 全省 全深 全神 上门 按时 安排 家里 家电 家具 空挡 空档 深度 王者 理财 脚部 面部 免部 修教 修叫 接见 捷径 眉笔 没必 师傅是 管道 关到 没假 每家 美国 没家".split()
)
"""Chinese stretches that sound like a name and are words."""


@cache
def ordinary() -> frozenset[str]:
    """Every English word that is left as it is."""
    return frozenset(WORDS.read_text(encoding="utf-8").split()) | frozenset(_MORE.split())
