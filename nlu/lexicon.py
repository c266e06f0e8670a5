"""The names of the trade as this shop uses them: services, options, technicians, regions, places."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nlu.text import Phrases, is_han, normalise

_TITLES = ("师傅", "技师", "老师", "姐", "哥", "阿姨", "大姐", "大哥", "先生", "女士", "小姐")
_DOUBLE_SURNAMES = frozenset(("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯"))


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One thing that can be named; kind is service, option, technician (may have number, sex), region or place."""

    id: str
    kind: str
    names: tuple[str, ...]
    number: int | None = None
    sex: str | None = None


Ids = tuple[tuple[str, str], ...]  # (kind, id) of every entry that bears a name


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries with their look-ups ready; build it once with Lexicon.of and keep it while the catalogue stands."""

    entries: tuple[LexiconEntry, ...]
    phrases: Phrases[Ids] = field(repr=False, compare=False)
    technician_by_number: dict[int, str] = field(repr=False, compare=False)

    @staticmethod
    def of(entries: Iterable[LexiconEntry]) -> "Lexicon":
        """A lexicon of these entries; a name borne by several of them stays ambiguous."""
        kept = tuple(entries)
        bearers: dict[str, dict[tuple[str, str], None]] = {}
        own_names = [(entry, _folded(entry)) for entry in kept]
        for entry, names in own_names:
            for name in names:
                bearers.setdefault(name, {})[(entry.kind, entry.id)] = None
        borne = set(bearers)
        for entry, names in own_names:
            # 高师傅 is whoever is called exactly that; only where nobody is may it address a 高姐.
            for name in _spellings(entry) - set(names) - borne:
                bearers.setdefault(name, {})[(entry.kind, entry.id)] = None
        numbers = {entry.number: entry.id for entry in kept if entry.kind == "technician" and entry.number is not None}
        return Lexicon(kept, Phrases((name, tuple(ids)) for name, ids in bearers.items()), numbers)


def _folded(entry: LexiconEntry) -> list[str]:
    """The names as they are given, folded."""
    return [name for given in entry.names if (name := normalise(given).text.strip())]


def _spellings(entry: LexiconEntry) -> set[str]:
    spellings: set[str] = set()
    for name in _folded(entry):
        spellings |= {name, name.replace(" ", "")} if not name.isascii() else _latin_forms(name)
        if entry.kind == "technician":
            spellings |= _addressed(name)
    return spellings


def _latin_forms(name: str) -> set[str]:
    """A Latin name and its plural."""
    return {name, name + "s"} if name[-1].isalpha() and len(name) > 3 else {name}


def _addressed(name: str) -> set[str]:
    """How people call a technician: 王芳 -> 王师傅, 小王, 王姐; Mia Chen -> Mia."""
    bare = name
    for title in _TITLES:
        bare = bare.removesuffix(title)
    if bare and all(map(is_han, bare)) and len(bare) <= 4:
        surname = bare[:2] if bare[:2] in _DOUBLE_SURNAMES else bare[:1]
        called = {surname + title for title in _TITLES} | {f"小{surname}", f"老{surname}"}
        return called | ({bare} if len(bare) > 1 else set())
    first = name.split(" ", maxsplit=1)[0]
    return {first} if name.isascii() and len(first) > 1 else set()
