"""The names of the trade as this shop uses them: services, options, technicians, regions, places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nlu.near import Near
from nlu.text import Phrases, is_han, normalise
from nlu.trade import forms, meant

_TITLES = ("师傅", "技师", "老师", "姐", "哥", "阿姨", "大姐", "大哥", "先生", "女士", "小姐")
_DISTRICT = 3
"""锦江 is said for 锦江区; longer names of districts are seldom cut short."""
_MISSPELT = frozenset(("service", "technician", "region"))
"""What is told from a near spelling; a place is part of an address, an option too short to be sure of."""
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
    near: Near = field(repr=False, compare=False)
    technician_by_number: dict[int, str] = field(repr=False, compare=False)

    def named(self, text: str) -> list[tuple[int, int, Ids]]:
        """The names of the trade in a folded text, exact ones and near ones: [start, end, bearers]."""
        return self.near.find(text, self.phrases.find(text))

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
        called = {name: tuple(ids) for name, ids in bearers.items()}
        said = {name: ids for name, ids in _said(own_names) if name not in called}
        phrases = Phrases((called | said).items())
        near = Near(_near_names(own_names, called), ((name, ids) for name, ids in said.items() if ids), phrases)
        numbers = {entry.number: entry.id for entry in kept if entry.kind == "technician" and entry.number is not None}
        return Lexicon(kept, phrases, near, numbers)


def _said(own_names: list[tuple[LexiconEntry, list[str]]]) -> Iterator[tuple[str, Ids]]:
    """What people say for the services and their options without their names."""
    for kind, sayings in (("option", forms), ("service", meant)):
        for saying, ids in sayings([(entry.id, names) for entry, names in own_names if entry.kind == kind]):
            yield saying, tuple((kind, id_) for id_ in ids)


def _near_names(own_names: list[tuple[LexiconEntry, list[str]]], called: dict[str, Ids]) -> Iterator[tuple[str, Ids]]:
    """Names that may be meant where they are misspelt: given ones, and the surname with 师傅."""
    for entry, names in own_names:
        if entry.kind not in _MISSPELT:
            continue
        for name in names:
            yield name, called[name]
        if entry.kind == "technician":
            yield from (
                (name, called[name]) for name in _spellings(entry) if name.endswith(_TITLES[:2]) and name in called
            )


def _folded(entry: LexiconEntry) -> list[str]:
    """The names as they are given, folded."""
    names = [name for given in entry.names if (name := normalise(given).text.strip())]
    return names if entry.kind != "technician" else [name for name in names if name not in _NO_NAMES]


def _spellings(entry: LexiconEntry) -> set[str]:
    spellings: set[str] = set()
    for name in _folded(entry):
        spellings |= {name, name.replace(" ", "")} if not name.isascii() else _latin_forms(name)
        if entry.kind == "technician":
            spellings |= _addressed(name)
        if entry.kind == "region" and len(name) == _DISTRICT and name.endswith(("区", "县")):
            spellings.add(name[:-1])
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
    return {first} if name.isascii() and len(first) > 1 and first not in _NO_NAMES else set()


_NO_NAMES = frozenset("he she you me my an so to do go can man may long we us in hers".split())
"""Written alone these are words: nobody called He is named in "he's late"."""
