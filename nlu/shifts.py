# ruff: noqa: E501 - one expression to a line
"""Later or earlier than what stands: by how much, or only that it should be; and the hour that stays as it is."""

import re
from datetime import timedelta

from nlu.numbers import integer

_N_ZH = "[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_AMOUNT_ZH = rf"((?:半|{_N_ZH})?)个?(半)?(小时|钟头|分钟|刻钟|钟|刻|天|周|星期|礼拜)(半)?"
_PART_OF_DAY = "(?<![今明昨后当每大天夜傍周日一二三四五六])"
_LATER_ZH = re.compile(
    rf"(?:推迟|延后|延迟|延|{_PART_OF_DAY}[晚迟]|往后(?:推|挪|移|改|延)?|推后)(?:一点|点|多)?了?{_AMOUNT_ZH}"
)
_EARLIER_ZH = re.compile(rf"(?:提前|提早|{_PART_OF_DAY}早|往前(?:提|推|挪|移|改)?)(?:一点|点|多)?了?{_AMOUNT_ZH}")
_N_EN = "half an?|an?|one|two|three|four|five|six|ten|fifteen|twenty|thirty|forty|[0-9]{1,3}"
_AMOUNT_EN = re.compile(rf"\b({_N_EN})[ -]?(hour|hr|minute|min|day|week)s?\b( and a half)?")
_LATER_EN = re.compile(r"\b(?:later|back|postpone|delay|push)\b")
_EARLIER_EN = re.compile(r"\b(?:earlier|forward|sooner)\b")
_UNIT_MINUTES = {
    "小时": 60, "钟头": 60, "钟": 60, "分钟": 1, "刻钟": 15, "刻": 15, "天": 1440, "周": 10080, "星期": 10080, "礼拜": 10080,
    "hour": 60, "hr": 60, "minute": 1, "min": 1, "day": 1440, "week": 10080,
}  # fmt: skip
_A_DAY = 1440
_A_BIT = re.compile(
    r"(?:能|可以|可不可以|想|要|再|往前|往后|但是?|不过|改|换|时间|稍微?|尽量)(?:不能|)?(?:再|)?(?:提早|提前|早|晚|推迟|推后|迟)(?:一?[点些](?!餐|心|[半钟0-9])|一?会儿?|啲|少少|[点啲]?D)"
    r"|\b(?:a (?:bit|little) |any |come |do it |but |slightly |something |anything |(?:can|could) (?:it|we) (?:be|do) )(?:earlier|later|sooner)\b"
)
_BARE_BIT = re.compile(
    r"[\s,.!~]*(?:嗯|好|行|可以|ok|yes|yeah|hmm+|no|maybe|just|but|那|我|还是|就|想|要|有没有|有|能|[\s,.!~])*(?:再)?(?:(?:提早|提前|早|晚|推迟|推后|迟)(?:一?[点些]|一?会儿?|啲|少少)|\b(?:a (?:bit|little) )?(?:earlier|later|sooner)\b)(?:的|吧|吗|呢|好|可以|行|来|做|time|one|please|then|if possible|would be (?:better|good|great)|[\s,.!?~])*"
)
_LATER_BIT = re.compile(r"晚|迟|推|往后|\blater\b")
_SAME_HOUR = re.compile(
    r"(?:同一?个?|同样的?|一样的?|原来的?|相同的?)(?:时[间候]|钟点|点数?)|时间(?:一样|不变|照旧)|\bsame (?:time|hour)\b"
)

_OF_A_WEEK = re.compile(
    r"(?:周|星期|礼拜)的?(?:还是)?的?(?:同一?个?|同样的?|一样的?|原来的?|相同的?|老|这个?)(?:时[间候]|钟点|点)"
    r"|\bsame (?:time|hour)(?: again)?,? (?:next|this) week\b|\b(?:next|this) week,? (?:at )?(?:the )?same (?:time|hour)\b"
)


def shift_said(normal: str) -> timedelta | None:
    """Return by how much something should move: 推迟一小时 is an hour later, half an hour earlier is minus thirty."""
    for pattern, sign in ((_LATER_ZH, 1), (_EARLIER_ZH, -1)):
        found = pattern.search(normal)
        if found is not None and (found[1] or found[2]):
            return _amount(found[1], found[3], half=bool(found[2] or found[4]), sign=sign)
    found = _AMOUNT_EN.search(normal)
    later, earlier = bool(_LATER_EN.search(normal)), bool(_EARLIER_EN.search(normal))
    if found is None or later is earlier:
        return None
    return _amount(found[1], found[2], half=bool(found[3]), sign=1 if later else -1)


def _amount(number: str, unit: str, *, half: bool, sign: int) -> timedelta | None:
    minutes = _UNIT_MINUTES[unit]
    if number.startswith(("半", "half")):
        return None if minutes >= _A_DAY else timedelta(minutes=sign * minutes // 2)
    if not number:  # 个半小时
        return timedelta(minutes=sign * minutes * 3 // 2)
    count = 1 if number == "an" else integer(number)
    if not count:
        return None
    return sign * timedelta(minutes=minutes * count + (minutes // 2 if half else 0))


def a_bit(normal: str) -> bool:
    """Tell whether somebody wishes for an earlier or a later time without saying which."""
    return _A_BIT.search(normal) is not None


def a_bit_later(normal: str, *, asked: bool = False) -> bool | None:
    """Tell a wish for some later time (True) from one for an earlier (False); None where there is neither.

    With `asked` a time is shown that can be accepted or changed, and 晚一点 alone is said of it.
    """
    if not a_bit(normal) and not (asked and _BARE_BIT.fullmatch(normal)):
        return None
    return _LATER_BIT.search(normal) is not None


def the_same_hour(normal: str) -> bool:
    """Tell whether the hour is to stay as it is: 后天同一时间, same time on Monday."""
    return _SAME_HOUR.search(normal) is not None


def same_hour_of_a_week(normal: str) -> bool:
    """Tell whether weekday and hour are to be what they were, in a week that is named: 下周同一时间."""
    return _OF_A_WEEK.search(normal) is not None
