# ruff: noqa: E501 - one expression to a line
"""Words around a time that open one end of it: after, from, before, by, around."""

import re

from nlu.text import MASK

# "after" leaves a bare day out, "from" takes it in; "before" ends where it begins, "by" takes it in.
_BEFORE = re.compile(
    r"(?:(?P<from>\b(?:not|nothing|none) (?:before|until|til|till)|\b(?:no|not|nothing) (?:earlier|sooner) than|\bcan(?:'?t|not) (?:do|make|be (?:there|home|in|back)|get (?:there|home)|come|have)(?: it)? (?:before|until|till)|\bsince|\bfrom|最早|(?:不|别)[要能]?早于)"
    r"|(?P<by>\b(?:no|not|nothing) later than|\b(?:not|nothing) after|\bby|\b(?:un)?till?|\bup to|\bthrough to|\blatest|最晚|最迟|(?:不|别)[要能可]?(?:晚于|迟于|超过))"
    r"|(?P<after>\bafter|(?<!half )(?<!quarter )\bpast|\blater than|\bonce it's|晚于|过了)"
    r"|(?P<before>\bbefore|\bearlier than|\bahead of|赶在|早于)"
    r"|(?P<around>\baround|(?<!how )(?<!what )(?<!how's )\babout|\broughly|\bapprox(?:\.|imately)?|\bcirca|\bca?\.|\bnear(?:er|ly)?|\btowards?|\bsomewhere near|~|大概|大约|差不多|约莫))(?: about| around)?(?: the)?\s*$",
    re.ASCII,
)
_AFTER = re.compile(
    r"\s*(?:(?P<from>钟?(?:之后|以后|过后|往后|后(?![天面日])|开始(?!做|服务|按|洗|打扫|搞|弄|上门|,?[一两二三四1-9](?:个|小时|\.))|起(?![床来码]))|,? (?:onwards?|or (?:later|after|past)|and after|(?:at the )?earliest|at the soonest|(?:un)?till? late)\b|\+(?![0-9]))"
    r"|(?P<by>,? (?:(?:at the |at )?(?:very )?latest|tops)\b)"
    r"|(?P<before>钟?(?:之前|以前|前(?![天面后台夕]|[一两三][天晚]))|,? or (?:earlier|before)\b)"
    r"|(?P<around>钟?(?:左右|前后|上下|那会儿?)|多(?![少久大长])|来钟|\s?-?ish\b|,? (?:or so|or thereabouts|give or take|roughly|approx(?:imately)?)\b))",
    re.ASCII,
)
_REACH = 24
# The last words these end in, to tell in a moment that none is there.
_ENDS = frozenset(
    "before until til till than since from after by to latest past of it's around about roughly approx approximately circa ca c near nearer nearly towards toward the ca. c. approx.".split()
)


def before(text: str, start: int, floor: int = 0) -> tuple[str, int] | None:
    """The opening word that ends at start and where it begins; looks no further back than floor."""
    near = text[max(floor, start - _REACH) : start].rstrip()
    if not near or (near[-1] < "~" and near.replace(MASK, " ").rpartition(" ")[2] not in _ENDS):
        return None
    match = _BEFORE.search(text, max(floor, start - _REACH), start)
    return (match.lastgroup or "", match.start()) if match is not None else None


def after(text: str, end: int) -> tuple[str, int] | None:
    """The opening word that begins at end and where it ends."""
    match = _AFTER.match(text, end)
    return (match.lastgroup or "", match.end()) if match is not None else None
