# ruff: noqa: E501 - one expression to a line
"""Finding and resolving every expression of time in a folded text."""

import re
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nlu.numbers import integer
from nlu.understanding import When
from nlu.when import en, zh
from nlu.when.atoms import Atom, Moment
from nlu.when.days import DAY, next_day_of_month
from nlu.when.groups import Group, gather
from nlu.when.resolve import resolve

_MONTH_FIRST_ZONES = ("America/", "US/")
_DAY_FIRST_ZONES = ("America/Argentina", "America/Sao_Paulo", "America/Bogota", "America/Lima", "America/Santiago")
_BEFORE = re.compile(
    r"(?:(?P<after>\bnot before|\bno earlier than|\bafter|\bpast|\bsince|\bfrom|最早|不早于|晚于|过了)"
    r"|(?P<before>\bno later than|\bby|\bbefore|\btill|\buntil|最晚|最迟|不晚于|不迟于|赶在|早于)"
    r"|(?P<around>\baround|(?<!how )(?<!what )\babout|\broughly|\bapprox\.?|~|大概|大约|差不多))(?: the)?\s*$"
)
_AFTER = re.compile(
    r"\s*(?:(?P<after>钟?(?:之后|以后|过后|往后|后(?![天面来日])|开始|起)|\s(?:onwards?|or later|or after))"
    r"|(?P<before>钟?(?:之前|以前|前(?![天面后台]))|\s(?:or earlier|or before))"
    r"|(?P<around>钟?(?:左右|前后|上下|那会儿?)|多(?![少久大长])|来钟|\s?-?ish\b|\sor so\b))"
)
_LEAD = r"(?:那|就|要|选|改成|改到|改为|改|换成|换到|换|不是|不对|不|好的|好|嗯|哦|ok|no|nope|yes|then|say|at|make it|i meant?|actually|maybe|how about|what about|try|can (?:we|you) do|could (?:we|you) do|let'?s (?:do|say))"
_TAIL = r"(?:吧|的|呢|可以|行|吗|好了|then|please|pls|plz|instead|is fine|is ok|works|would be good)"
_BARE = re.compile(
    rf"[\s,.!]*(?:{_LEAD}[\s,.!]*)*(?:(?P<from>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})(?:\s*[-~到至]\s*|\s+to\s+))?"
    rf"(?P<n>[0-9]{{3,4}}|[0-9]{{1,2}}(?:[:.][0-5][0-9])?|[零〇一二两三四五六七八九十]{{1,3}}|[a-z]{{3,6}})(?P<half>半)?[\s,.!?]*(?:{_TAIL}[\s,.!?]*)*"
)
_WHENEVER = re.compile(
    r"[\s,.!]*(?:我|时间|那|都|几点)*(?:都行|都可以|都好|随便|无所谓|不限|随意)[\s,.!~吧的啊呀]*|(?:i )?don'?t mind|whatever|any"
)
_BESIDE_AFTER = re.compile(
    r",? (?:at )?(?P<n>[0-9]{1,2})(?=\s*(?:$|[,?!]|\.(?![0-9])|please\b|pls\b|then\b|ok\b|instead\b|for\b))"
)
_BESIDE_BEFORE = re.compile(r"(?:^|[\s,])(?P<n>[0-9]{1,2}) (?:on )?$")


class Found(NamedTuple):
    """A time expression (value When) or a length (value minutes) at [start, end), and every stretch it is made of."""

    start: int
    end: int
    value: When | int
    pieces: tuple[tuple[int, int], ...]


def moment_of(now: datetime, zone: str, *, asked: bool, lang: str) -> Moment:
    """Where the words are spoken; now is aware UTC, zone an IANA name."""
    here = ZoneInfo(zone)
    local = now.astimezone(here).replace(tzinfo=None)
    month_first = lang.startswith("zh") or (
        zone.startswith(_MONTH_FIRST_ZONES) and not zone.startswith(_DAY_FIRST_ZONES)
    )
    return Moment(local, here, asked, not month_first)


def find(text: str, moment: Moment) -> list[Found]:
    """Every time and length in a folded text, from left to right."""
    atoms = _atoms(text, moment)
    lengths = [Found(a.start, a.end, a.seconds // 60, ((a.start, a.end),)) for a in atoms if a.kind == "length"]
    pieces = [atom for atom in atoms if atom.kind != "length"]
    if moment.asked and not lengths and all(atom.kind == "anytime" for atom in pieces):
        pieces += _bare(text, moment.today)
    groups = gather(_with_beside(pieces, text), text)
    return sorted([*lengths, *(found for group in groups for found in _read(group, text, moment))])


def _atoms(text: str, moment: Moment) -> list[Atom]:
    chinese = [] if text.isascii() or not zh.HINT.search(text) else list(zh.atoms(text, moment))
    if not en.HINT.search(text):
        return chinese
    english = list(en.atoms(text, moment))
    if not chinese:
        return english
    kept = [atom for atom in english if all(atom.end <= c.start or atom.start >= c.end for c in chinese)]
    return sorted(chinese + kept, key=lambda atom: (atom.start, atom.end))


def _read(group: Group, text: str, moment: Moment) -> list[Found]:
    before = None if group.open_end else _BEFORE.search(text, max(0, group.start - 16), group.start)
    after = None if group.open_end or group.single else _AFTER.match(text, group.end)
    opened = group.open_end or _which(before) or _which(after)
    value = resolve(group, opened, moment)
    if value is None:
        return []
    start = before.start() if before and group.right is None else group.start
    end = after.end() if after and not before else group.end
    pieces = tuple(piece for piece in group.pieces if piece != (group.start, group.end))
    return [Found(start, end, value, (*pieces, (start, end)))]


def _which(match: re.Match[str] | None) -> str | None:
    return match.lastgroup if match is not None else None


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
    return hour * 60 if hour is not None and hour <= 24 else None


def _with_beside(atoms: list[Atom], text: str) -> list[Atom]:
    """Tomorrow 3, 8 tonight: a number beside a day is a clock time."""
    if text.isascii() and not any(atom.kind in ("clock", "offset", "soon") for atom in atoms):
        for atom in atoms:
            if atom.kind not in ("day", "part"):
                continue
            match = _BESIDE_AFTER.match(text, atom.end) or _BESIDE_BEFORE.search(text, 0, atom.start)
            if match is not None and 0 < int(match["n"]) <= 24:
                hour = int(match["n"])
                clock = Atom("clock", match.start("n"), match.end("n"), minute=hour * 60, fixed=hour > 12)
                return sorted([*atoms, clock], key=lambda each: (each.start, each.end))
    return atoms
