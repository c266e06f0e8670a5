"""Words that speak of the four digits which start a visit: by their name, or as "the code" of whoever awaits one."""

import re
from enum import StrEnum

from dialogs.spotting import Spotted

_LONGEST = 60
"""What is longer tells a story, in which a code is a detail."""
_NAMED = re.compile(r"开工码|\bstart(?:ing)? code\b")
_TEXTED = re.compile(r"验证码|\b(?:verification|sms|text|one[- ]time) code\b|\botp\b")
_OTHERS = re.compile(
    r"(?:号|二维|扫|尺|数|惠|请|荐|扣|换|券|礼品|付款|收款|绑定|合并|门禁|门锁|大门|单元|起|加|编|邮)码|码头"
    r"|(?:门|楼|单元|大堂|大厅|入户|电梯|小区|院|支付|登录|wifi|锁).{0,3}密码|密码(?:锁|.{0,4}\d)"
    r"|\b(?:promo|promotion|discount|coupon|voucher|gift|invite|invitation|referral|friend'?s|qr|zip|post(?:al)?"
    r"|door|gate|entry|entrance|building|area|country|dress|order|booking|link(?:ing)?|join(?:ing)?|merge|wifi"
    r"|access|lobby) (?:code|pin)\b"
)
"""Codes and numbers of other things."""
_BARE = Spotted(
    ("码", "位数", "code", "pin", "digit"),
    re.compile(
        r"码|(?:4|四)位数|(?<![a-z])codes?(?![a-z])|\bpin (?:code|number)\b|\b(?:my|the|a) pin[?.! ]*$"
        r"|\b(?:4|four)[- ]digits?\b",
    ),
)


class Spoken(StrEnum):
    """How somebody speaks of a code that may be the one of their visit."""

    NAMED = "named"
    TEXTED = "texted"
    BARE = "bare"


def spoken_of(said: str) -> Spoken | None:
    """Tell how folded words speak of the code of a visit; None where they speak of another, or of none."""
    if _BARE.search(said) is None or len(said) > _LONGEST:
        return None
    if _NAMED.search(said) is not None:
        return Spoken.NAMED
    if _OTHERS.search(said) is not None:
        return None
    return Spoken.TEXTED if _TEXTED.search(said) is not None else Spoken.BARE
