# ruff: noqa: E501 - one expression to a line
"""What the expressions of one message give each other: choices share, corrections replace, repetitions go."""

import re
from datetime import date
from itertools import pairwise

from nlu.when.days import DAY
from nlu.when.groups import Group, Side
from nlu.when.hours import fits
from nlu.when.same_day import next_named

_APART = re.compile(
    r"不|没|别|或|还是|要么|改|换|\bor\b|\bnot\b|n't|\bno\b|\bactually\b|\bchange|\binstead\b|\bto\b", re.ASCII
)
_OR = re.compile(
    r"[\s,]*(?:或者?|还是|要么|要不|and/or|or(?: maybe| else| possibly| even)?|/)\s*(?:(?:at|in|on|the|failing that)[\s,]+)*"
)
_ALSO = re.compile(r"\s*(?:,|和|跟|&|and)\s*(?:(?:at|in|on|the)\s+)*")
# Between two times that are both meant, even when one says less: a choice, or a visit named by its day and moved.
_EITHER = re.compile(
    r"或|还是|要么|要不|/|和|跟|&|改|挪|换|调|推迟|提前|延|那单|\b(?:or|and|booking|appointment|visit|order|slot|session)\b",
    re.ASCII,
)
# No choice of a group that repeats may be two others in a row ("不不"): strangers write what is searched, and a text
# that almost fits would be tried in every way there is to part it.
CORRECTION = re.compile(
    r"[\s,.!?~-]*[吧呢啊呀嘛哈]?[\s,.!?~-]*(?:(?:no|nope|wait|sorry|oops|actually|i mean|i meant|meant|i'd rather|or rather|rather|scratch that|correction|make that|make it|my bad|hang on|hold on|oh|er+m?|um+|not|哦|啊|噢|诶|哎|不对|不|错了|[说写打记搞看]错了?|口误|算了|等等|等下|应该说|应该是|是|改成|改到|改|还是|我是说)[\s,.!?-]*(?:at |on |for |in )?)+"
)
_CORRECTS = re.compile(
    r"\b(?:no|nope|sorry|oops|i mean|meant|rather|scratch|correction|actually|make|wait)\b|不|错|应该|改|我是说|口误|算了|等等|等下",
    re.ASCII,
)
_DENIES = re.compile(r"(?:不是|唔系|唔要|不要|别|\bnot)\s*$", re.ASCII)
_MOVED = re.compile(
    r"\s*(?:的|那个|这个|预约|订单|单)*\s*(?:能不能|能|可不可以|可以|想要?|要|都)?(?:改|挪|换|调|移|推迟|提前|延)(?:到|成|为|至)\s*"
    r"|\s*(?:booking|appointment|slot|one|visit|session|massage|to be|forward|back|'s)*\s*to (?:be )?(?:at |about )?"
)
_NEAR = 40  # characters: how far back a word that denies is looked for
_ECHOES = 8  # expressions: how far back a repetition is looked for
_STARTS_LATER = re.compile(r"[\s,]*(?:but|and|to|但是?|到)?\s*")


def settled(groups: list[Group], text: str, today: date) -> list[Group]:
    """The same expressions once they know of each other."""
    for one, other in pairwise(groups):
        if _gives_way(one, other, text):
            other.left.day = other.left.day or one.left.day
            one.mark = "void"
        _correct(one, other, text)
        _move(one, other, text)
    groups = _after_and_before(groups, text)
    for one, other in pairwise(groups):
        _share_forward(one, other, text)
    for one, other in reversed(list(pairwise(groups))):
        _share_back(one, other, text)
    groups = _merge_apart(groups, text)
    for one, other in pairwise(groups):
        _go_on(one, other, today)
    return _without_echoes(groups, text)


_FEW = 8
_SO = re.compile(r"[^.?!]{0,24}(?:\bso\b|所以)[^.?!]{0,24}", re.ASCII)


def _gives_way(one: Group, other: Group, text: str) -> bool:
    """I finish at five so about 6: only the second is a wish."""
    if not _plain(one, other):
        return False
    clocks = one.left.clock is not None and other.left.clock is not None
    days = one.left.day is not None and other.left.day is not None
    return clocks != days and _SO.fullmatch(text, one.end, other.start) is not None


def _plain(*groups: Group) -> bool:
    return all(group.single is None and group.mark is None for group in groups)


def _correct(one: Group, other: Group, text: str) -> None:
    """Tomorrow at 3, no, 4: the later words stand, with what they did not say again."""
    gap = text[one.end : other.start]
    if len(gap) > 40 or other.mark or not CORRECTION.fullmatch(gap) or not _CORRECTS.search(gap):
        return
    if _DENIES.search(text, max(0, one.start - _NEAR), one.start) or _DENIES.search(gap):
        return
    if _plain(one, other) and one.right is None and other.right is None:
        kept, said = one.left, other.left
        clock = said.clock or (kept.clock if said.part is None else None)
        other.left = Side(said.day or kept.day, said.part or (kept.part if clock else None), clock, said.half)
    one.mark = "corrected"


def _move(one: Group, other: Group, text: str) -> None:
    """Move my 3 o'clock tomorrow to 4: four is on the same day."""
    if _plain(one, other) and other.left.day is None and _MOVED.fullmatch(text, one.end, other.start):
        other.left.day = one.left.day


def _after_and_before(groups: list[Group], text: str) -> list[Group]:
    """After 3 but before 6: one range."""
    joined: list[Group] = []
    for group in groups:
        last = joined[-1] if joined else None
        opens = last is not None and _opens(last, ("after", "from")) and _opens(group, ("before", "by"))
        if last is not None and opens and _STARTS_LATER.fullmatch(text, last.end, group.start):
            last.right, last.opened, last.end = group.left, None, group.end
            last.pieces += group.pieces
        else:
            joined.append(group)
    return joined


def _opens(group: Group, words: tuple[str, ...]) -> bool:
    return _plain(group) and group.right is None and group.open_end in words and group.left.clock is not None


def _share_forward(before: Group, group: Group, text: str) -> None:
    """明天上午或者下午: the second choice is on the day of the first; tomorrow afternoon 3 or 4 in its part too."""
    if not _plain(before, group):
        return
    if group.left.day is not None and _ALSO.fullmatch(text, before.end, group.start):
        group.left.day = next_named(before.left.day, group.left.day)
    if not _OR.fullmatch(text, before.end, group.start):
        return
    if group.left.day is not None:
        group.left.day = next_named(before.left.day, group.left.day)
        return
    group.left.day = before.left.day
    _share_part(before, group)


def _share_part(before: Group, group: Group) -> None:
    part, clock = before.left.part, group.left.clock
    if part is not None and group.left.part is None and clock is not None and fits(clock.minute, part):
        group.left.part = part


def _go_on(before: Group, group: Group, today: date) -> None:
    """今晚七点，没有就八点: what follows without a day is on the day spoken of, unless that is over."""
    day = before.left.day
    if group.mark or group.single is not None or group.left.day is not None or before.right is not None:
        return
    if day is None or day.first is None or day.first < today or day.spread or day.first + DAY != day.last:
        return
    group.left.day = day
    _share_part(before, group)


def _share_back(before: Group, group: Group, text: str) -> None:
    """周六或周日下午, 3 or 4 tomorrow: what the second choice adds holds for the first."""
    if not _plain(before, group) or before.right is not None:
        return
    one, other = before.left, group.left
    days = one.day is not None and other.day is not None and one.day is not other.day
    if not (_OR.fullmatch(text, before.end, group.start) or (days and _ALSO.fullmatch(text, before.end, group.start))):
        return
    if days and one.part is None and one.clock is None:
        one.part, one.clock, one.half = other.part, other.clock, other.half
        before.right, before.opened = group.right, group.opened
    elif one.day is None:
        one.day = other.day
        if one.part is None and one.clock is not None:
            one.part = other.part


def _merge_apart(groups: list[Group], text: str) -> list[Group]:
    """明天想约个按摩，下午三点可以吗: two pieces of one time with other words between them."""
    merged: list[Group] = []
    for group in groups:
        if merged and _complete_each_other(merged[-1], group) and not _APART.search(text, merged[-1].end, group.start):
            merged[-1] = _united(merged[-1], group)
        else:
            merged.append(group)
    return merged


def _only_days(group: Group) -> bool:
    return group.right is not None and group.left.clock is None and group.left.part is None


def _complete_each_other(one: Group, other: Group) -> bool:
    if not _plain(one, other) or _only_days(one) or _only_days(other) or one.left.empty or other.left.empty:
        return False
    if one.right is not None and other.right is not None:
        return False
    return not any(
        getattr(one.left, slot) is not None and getattr(other.left, slot) is not None
        for slot in ("day", "part", "clock")
    ) and not (one.left.clock is not None and other.left.part is not None)


def _united(one: Group, other: Group) -> Group:
    main = other if other.left.clock is not None else one
    a, b = one.left, other.left
    left = Side(a.day or b.day, a.part or b.part, a.clock or b.clock, a.half or b.half)
    opened = main.opened if main.left.clock is not None else one.opened or other.opened
    return Group(main.start, main.end, left, one.right or other.right, None, opened, pieces=one.pieces + other.pieces)


def _without_echoes(groups: list[Group], text: str) -> list[Group]:
    """早上吧，早上人少; 明天下午两点（1月1号）: what only says again what another said is no second time."""
    for place, group in enumerate(groups):
        for other in groups[max(0, place - _ECHOES) : place]:
            if (
                group.single is not None
                and other.single is not None
                and group.single.kind == other.single.kind in ("anytime", "soon")
            ):
                group.mark = "void"
            if not _plain(group, other):
                continue
            less = group if _says_less(group, other) else other if _says_less(other, group) else None
            if less is not None and not _EITHER.search(text, other.end, group.start):
                less.mark = "void"
    return groups


def _says_less(group: Group, other: Group) -> bool:
    """Whether everything the group says the other says too."""
    if group.right is not None or group.left.empty or group.open_end or group.left.half is not None:
        return False
    a, b = group.left, other.left
    if a.day is not None and (b.day is None or a.day[3:5] != b.day[3:5]):
        return False
    if a.part is not None and (b.part is None or (a.part.part, a.part.hours) != (b.part.part, b.part.hours)):
        return False
    return a.clock is None or (b.clock is not None and a.clock.minute == b.clock.minute and other.right is None)
