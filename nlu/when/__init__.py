# ruff: noqa: E501 - one expression to a line
"""Finding and resolving every expression of time in a folded text."""

import re
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nlu.numbers import integer
from nlu.understanding import When
from nlu.when import en, weak, zh
from nlu.when.atoms import Atom, Moment
from nlu.when.between import settled
from nlu.when.days import DAY, next_day_of_month
from nlu.when.groups import Group, gather
from nlu.when.resolve import resolve
from nlu.when.spelling import mend

_MONTH_FIRST_ZONES = (
    "America/", "US/", "Asia/Shanghai", "Asia/Chongqing", "Asia/Urumqi", "Asia/Harbin", "Asia/Taipei", "Asia/Tokyo",
    "Asia/Seoul", "Asia/Hong_Kong", "Asia/Macau", "PRC",
)  # fmt: skip
_DAY_FIRST_ZONES = ("America/Argentina", "America/Sao_Paulo", "America/Bogota", "America/Lima", "America/Santiago")
_LEAD = r"(?:那|就|要|选|改成|改到|改为|改|换成|换到|换|不是|不对|不|好的|好|嗯|哦|ok|no|nope|yes|then|say|at|make it|i meant?|actually|maybe|how about|what about|try|can (?:we|you) do|could (?:we|you) do|let'?s (?:do|say))"
_TAIL = r"(?:吧|的|呢|可以|行|吗|好了|then|please|pls|plz|instead|is fine|is ok|works|would be good)"
_BARE = re.compile(
    rf"[\s,.!]*(?:{_LEAD}[\s,.!]*)*(?:(?P<from>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})(?:\s*[-~到至]\s*|\s+to\s+))?"
    rf"(?P<n>[0-9]{{3,4}}|[0-9]{{1,2}}(?:[:.][0-5][0-9])?|[零〇一二两三四五六七八九十]{{1,3}}|[a-z]{{3,6}})(?P<half>半)?[\s,.!?]*(?:{_TAIL}[\s,.!?]*)*"
)
_WHENEVER = re.compile(
    r"[\s,.!]*(?:我|时间|那|都|几点|什么时间|就|由|看|听|随)*(?:都行|都可以|都好|随便|无所谓|不限|随意|你们?(?:看着|来|自己)?(?:安排|定|决定|方便|看着?办|的)|师傅(?:的?时间|方便|安排|定))(?:就?[行好]|就可以|都行)?[\s,.!~吧的啊呀]*|(?:i )?(?:really )?don'?t (?:really )?mind|(?:i'?m )?(?:not (?:fussed|bothered|fussy)|easy)|whatever(?: (?:suits|works|time|you have|you'?ve got))?(?: (?:you|for you|best))?|you (?:choose|decide|pick)|up to you|your call|no preference|any"
)
_OR = re.compile(r"或|还是|要么|\bor\b|failing that|otherwise|if not")
_HAN = re.compile("[㐀-鿿]")
_MOST = 32  # pieces of time in one message; nobody means more
_LASTS = re.compile(r"(?:\bhours?|\bhrs?|\bminutes?|\bmins?|小时|分钟|个钟|钟头) ?$")
_LASTING = re.compile(
    r"\s*,?\s*(?:for (?:about |around )?)?(?:an? |[0-9.]+ ?|one |two |three |half )(?:and a half |an )?(?:hours?|hrs?|minutes?|mins?)\b"
)

IMPOSSIBLE = "\0impossible"
"""The value of words that name a day or an hour there is not."""


_LATIN = re.compile("[a-z]")


class Found(NamedTuple):
    """A time expression (value When) or a length (value minutes) at [start, end), and every stretch it is made of."""

    start: int
    end: int
    value: When | int | str
    pieces: tuple[tuple[int, int], ...]


def moment_of(now: datetime, zone: str, *, asked: bool, lang: str) -> Moment:
    """Where the words are spoken; now is aware UTC, zone an IANA name. Which of day and month goes first is the zone's."""
    here = ZoneInfo(zone)
    local = now.astimezone(here).replace(tzinfo=None)
    month_first = zone.startswith(_MONTH_FIRST_ZONES) and not zone.startswith(_DAY_FIRST_ZONES)
    return Moment(local, here, asked, not month_first)


def find(text: str, moment: Moment) -> list[Found]:
    """Every time and length in a folded text, from left to right."""
    mended = mend(text)
    if mended is None:
        return _find(text, moment)
    return [
        Found(mended.before(each.start), mended.before(each.end), each.value,
              tuple((mended.before(start), mended.before(end)) for start, end in each.pieces))
        for each in _find(mended.text, moment)
    ]  # fmt: skip


def _find(text: str, moment: Moment) -> list[Found]:
    atoms = _atoms(text, moment)[:_MOST]
    lengths = [Found(a.start, a.end, a.seconds // 60, ((a.start, a.end),)) for a in atoms if a.kind == "length"]
    pieces = [atom for atom in atoms if atom.kind != "length" and not atom.weak]
    bare = None
    if moment.asked and not lengths and all(atom.kind == "anytime" for atom in pieces):
        bare = _bare(text, moment.today)
        pieces += bare
    if not bare and any(atom.weak for atom in atoms):
        pieces = weak.kept(atoms, text, asked=moment.asked)
    groups = settled(gather(pieces, text), text, moment.today)
    several = any(group.mark is None and not _vague(group) for group in groups)
    return sorted([*lengths, *(found for group in groups for found in _read(group, text, moment, several=several))])


def _atoms(text: str, moment: Moment) -> list[Atom]:
    chinese = [] if text.isascii() or not (zh.HINT.search(text) and _HAN.search(text)) else list(zh.atoms(text, moment))
    if not en.HINT.search(text) or not (text.isascii() or _LATIN.search(text)):
        return chinese
    english = list(en.atoms(text, moment))
    if not chinese:
        return english
    kept = [atom for atom in english if all(atom.end <= c.start or atom.start >= c.end for c in chinese)]
    return sorted(chinese + kept, key=lambda atom: (atom.start, atom.end))


def _vague(group: Group) -> bool:
    return group.single is not None and group.single.kind in ("soon", "anytime")


def _read(group: Group, text: str, moment: Moment, *, several: bool) -> list[Found]:
    pieces = tuple(piece for piece in group.pieces if piece != (group.start, group.end))
    whole = (*pieces, (group.start, group.end))
    if group.mark is not None:
        return [Found(group.start, group.end, IMPOSSIBLE if group.mark == "impossible" else "", whole)]
    if several and _vague(group) and not _OR.search(text):
        return [Found(group.start, group.end, "", whole)]  # 现在 beside the time that is meant
    opened = group.open_end
    if (opened in ("from", "after") and _LASTS.search(text, max(0, group.start - 16), group.start)) or _LASTING.match(
        text, group.end
    ):
        opened = None if opened in ("from", "after") else opened  # two hours from 3 begins at 3
    value = resolve(group, opened, moment)
    return [] if value is None else [Found(group.start, group.end, value, whole)]


def _bare(text: str, today: date) -> list[Atom]:
    """A number by itself is a time only because a time was asked; 都行 then means any time."""
    if _WHENEVER.fullmatch(text):
        return [Atom("anytime", 0, len(text), open_end="after")]
    match = _BARE.fullmatch(text)
    if match is None:
        return []
    said, first = match["n"], match["from"]
    minute = _minute(said)
    if minute is None and first is None and (day := next_day_of_month(today, integer(said) or 0)) is not None:
        return [Atom("day", match.start("n"), match.end("n"), first=day, last=day + DAY)]
    if minute is None or minute > 1440:
        return []
    minute += 30 if match["half"] else 0
    start = match.start("from") if first else match.start("n")
    fixed = minute >= 780 or (len(said) == 4 and said[0] == "0")
    since = integer(first) if first else None
    if since is not None:
        return [
            Atom("clock", start, match.end("n"), minute=since * 60, fixed=since > 12, until=minute, until_fixed=fixed)
        ]
    return [Atom("clock", start, match.end("half") if match["half"] else match.end("n"), minute=minute, fixed=fixed)]


def _minute(said: str) -> int | None:
    """Minute of the day of 7, 730, 1530, 7.30, 七."""
    digits = said.replace(".", ":").replace(":", "")
    if len(digits) >= 3 and digits.isdigit():
        return int(digits[:-2]) * 60 + int(digits[-2:]) if int(digits[-2:]) < 60 else None
    hour = integer(said)
    return hour * 60 if hour is not None and hour < 24 else None
