"""Structure-aware damage: an update of a platform with something in it that no platform would send."""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Json = Any

TRICKS: Sequence[str] = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202e倒着写\u202c",
    "\u200b\u200c\u200d\ufeff",
    "Z\u0351\u036b\u0343a\u0302\u0338l\u0338g\u0323o" * 20,
    "\ud800",
    "\udfff明天",
    "²",
    "１２３４",
    "1_000",
    "NaN",
    "Infinity",
    "-0",
    "=1+1",
    "@SUM(A1)",
    "<b>bold</b><script>alert(1)</script>",
    "{{7*7}} {user.name} %s %(x)s",
    "'; DROP TABLE message; --",
    "../../etc/passwd",
    "\r\nX-Injected: 1",
    "👩‍👩‍👧‍👦" * 50,
    "ﷺ" * 300,
    "x" * 5000,
    "明" * 70_000,
    "\u0130\u0131ſK",
    "\u2028\u2029\x85\x0b\x0c",
    "\uffff\ufffe",
    "𝟗𝟎",
)
NUMBERS: Sequence[Any] = (
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    2**63,
    -(2**63) - 1,
    10**30,
    1.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    float("-inf"),
)
OTHERS: Sequence[Any] = (None, True, False, [], {}, [[]], {"": ""}, [None], {"id": {"id": {}}})
Path = tuple[Any, ...]
Twist = Callable[[Json, random.Random], bytes]


def mutated_json(seed: Json, rng: random.Random) -> bytes:
    """Return the bytes of an update with one to three things wrong with it."""
    return rng.choice(_TWISTS)(copy.deepcopy(seed), rng)


def mutated_xml(seed: str, rng: random.Random) -> str:
    """Return a document of WeChat with one to three things wrong with it."""
    document = seed
    for _ in range(rng.choice((1, 1, 2, 3))):
        document = rng.choice(_XML_TWISTS)(document, rng)
    return document


def flipped(raw: bytes, rng: random.Random, *, most: int = 8) -> bytes:
    """Return the bytes with a few bits turned over."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, most)):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _paths(value: Json, before: Path = ()) -> Iterator[Path]:
    if before:
        yield before
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from _paths(one, (*before, key))


def _holder(value: Json, path: Path) -> Json:
    for key in path[:-1]:
        value = value[key]
    return value


def _anything(rng: random.Random) -> Json:
    return rng.choice(rng.choice((TRICKS, NUMBERS, OTHERS)))


def _some_path(value: Json, rng: random.Random) -> Path | None:
    paths = [path for path in _paths(value) if path != ("update_id",) or rng.random() < 0.1]
    return rng.choice(paths) if paths else None


def _change(value: Json, rng: random.Random, put: Callable[[Json, Any], None]) -> None:
    path = _some_path(value, rng)
    if path is not None:
        put(_holder(value, path), path[-1])


def _replace(value: Json, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        _change(value, rng, lambda holder, key: holder.__setitem__(key, _anything(rng)))
    return _dumped(value)


def _disguise(value: Json, rng: random.Random) -> bytes:
    """Put in what a parser takes: odd words for words, odd numbers for numbers."""
    leaves = [path for path in _paths(value) if _holder(value, path)[path[-1]].__class__ in (str, int, float)]
    for path in rng.sample(leaves, k=min(len(leaves), rng.choice((1, 1, 2, 3)))):
        holder = _holder(value, path)
        if path == ("update_id",) or path[-1] == "type":
            continue
        holder[path[-1]] = rng.choice(TRICKS) if isinstance(holder[path[-1]], str) else rng.choice(NUMBERS)
    return _dumped(value)


def _speak(value: Json, rng: random.Random) -> bytes:
    """Let somebody say, label or share something odd, in an update that is right otherwise."""
    words = rng.choice(TRICKS) + rng.choice(("", "明天下午三点", "/start ", "¥", "13800138000")) + rng.choice(TRICKS)
    for path in list(_paths(value)):
        if path[-1] in ("text", "data", "caption", "title", "address", "phone_number", "first_name", "query"):
            _holder(value, path)[path[-1]] = words
    return _dumped(value)


def _drop(value: Json, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2))):
        _change(value, rng, lambda holder, key: holder.pop(key))
    return _dumped(value)


def _nest(value: Json, rng: random.Random) -> bytes:
    def put(holder: Json, key: Any) -> None:
        holder[key] = rng.choice(([holder[key]], {str(key): holder[key]}, [[holder[key]] * 3]))

    _change(value, rng, put)
    return _dumped(value)


def _bury(value: Json, rng: random.Random) -> bytes:
    deep = rng.choice((50, 250, 2_000, 20_000))
    opens, closes = rng.choice((("[", "]"), ('{"a":', "}")))
    _change(value, rng, lambda holder, key: holder.__setitem__(key, "@deep@"))
    return _dumped(value).replace(b'"@deep@"', (opens * deep + "0" + closes * deep).encode())


def _swap(value: Json, rng: random.Random) -> bytes:
    one, other = _some_path(value, rng), _some_path(value, rng)
    if one and other and one[: len(other)] != other and other[: len(one)] != one:
        first, second = _holder(value, one), _holder(value, other)
        first[one[-1]], second[other[-1]] = second[other[-1]], first[one[-1]]
    return _dumped(value)


def _double(value: Json, rng: random.Random) -> bytes:
    """Name a field twice: parsers differ in which of the two they believe."""
    raw = _dumped(value)
    names = re.findall(rb'"[a-z_]+":', raw)
    if not names:
        return raw
    name = rng.choice(names)
    extra = json.dumps(_anything(rng)).encode()
    return raw.replace(name, name + extra + b"," + name, 1)


def _misname(value: Json, rng: random.Random) -> bytes:
    path = _some_path(value, rng)
    if path is not None:
        holder = _holder(value, path)
        if isinstance(holder, dict):
            holder[rng.choice((str(path[-1]).upper(), f"{path[-1]}s", "", "__proto__", "\u202e"))] = holder.pop(
                path[-1]
            )
    return _dumped(value)


def _grow(value: Json, rng: random.Random) -> bytes:
    path = _some_path(value, rng)
    if path is not None:
        holder = _holder(value, path)
        size = rng.choice((100, 3_000, 60_000))
        holder[path[-1]] = rng.choice(("明" * size, [holder[path[-1]]] * (size // 20), 10 ** min(size, 4_000)))
    return _dumped(value)


def _cut(value: Json, rng: random.Random) -> bytes:
    raw = _dumped(value)
    return raw[: rng.randrange(len(raw) + 1)]


def _flip(value: Json, rng: random.Random) -> bytes:
    return flipped(_dumped(value), rng)


def _wrap(value: Json, rng: random.Random) -> bytes:
    raw = _dumped(value)
    return rng.choice(
        (
            b"\xef\xbb\xbf" + raw,
            raw.decode().encode("utf-16"),
            raw + raw,
            raw + b"\x00",
            b"[" + raw + b"]",
            b"\xff\xfe\xff" + raw,
            b"",
            b"null",
            b'"' + b"a" * 100 + b'"',
            b"NaN",
            raw.replace(b":", b"=", 1),
            json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        )
    )


def _escape(value: Json, rng: random.Random) -> bytes:
    """Write letters as escapes, halves of surrogate pairs among them."""
    raw = _dumped(value).decode()
    at = rng.randrange(len(raw))
    return (raw[:at] + rng.choice(("\\ud800", "\\u0000", "\\udc00\\ud800", "\\x41", "\\")) + raw[at:]).encode()


def _dumped(value: Json) -> bytes:
    return json.dumps(value).encode()


_TWISTS: Sequence[Twist] = (
    _replace,
    _replace,
    _disguise,
    _disguise,
    _disguise,
    _disguise,
    _speak,
    _speak,
    _speak,
    _drop,
    _drop,
    _nest,
    _bury,
    _swap,
    _double,
    _misname,
    _grow,
    _cut,
    _flip,
    _wrap,
    _escape,
)

_ELEMENT = re.compile(r"<(\w+)>((?:<!\[CDATA\[.*?\]\]>|[^<])*)</\1>", re.DOTALL)
_ODD_XML: Sequence[str] = (
    "",
    "<a/>",
    "<xml>",
    "]]>",
    "&lol;",
    "&#0;",
    "&#xD800;",
    "&amp;amp;",
    '<!DOCTYPE x [<!ENTITY a "aaaa">]>',
    "<!-- a word -->",
    "<?php echo 1 ?>",
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
    "<b xmlns='urn:x'>1</b>",
    "<item>1</item>" * 50,
    "<d>" * 3_000 + "</d>" * 3_000,
    "١٢٣",
    "-1",
    "1e9",
    "NaN",
    "9" * 400,
)


def _each(document: str, rng: random.Random) -> re.Match[str] | None:
    found = list(_ELEMENT.finditer(document))
    return rng.choice(found) if found else None


def _xml_value(document: str, rng: random.Random) -> str:
    found = _each(document, rng)
    if found is None:
        return document
    odd = rng.choice((f"<![CDATA[{rng.choice(TRICKS)}]]>", rng.choice(_ODD_XML), rng.choice(TRICKS)))
    return document[: found.start(2)] + odd + document[found.end(2) :]


def _xml_drop(document: str, rng: random.Random) -> str:
    found = _each(document, rng)
    return document if found is None else document[: found.start()] + document[found.end() :]


def _xml_double(document: str, rng: random.Random) -> str:
    found = _each(document, rng)
    return document if found is None else document[: found.end()] + found[0] + document[found.end() :]


def _xml_nest(document: str, rng: random.Random) -> str:
    found = _each(document, rng)
    if found is None:
        return document
    return document[: found.start(2)] + f"<{found[1]}>{found[2]}</{found[1]}>" + document[found.end(2) :]


def _xml_rename(document: str, rng: random.Random) -> str:
    found = _each(document, rng)
    if found is None:
        return document
    name = rng.choice((found[1].upper(), f"{found[1]}1", "xml", "MsgType", "Event", "FromUserName", "Encrypt"))
    return document[: found.start()] + f"<{name}>{found[2]}</{name}>" + document[found.end() :]


def _xml_insert(document: str, rng: random.Random) -> str:
    at = rng.randrange(len(document) + 1)
    return document[:at] + rng.choice(_ODD_XML) + document[at:]


def _xml_cut(document: str, rng: random.Random) -> str:
    return document[: rng.randrange(len(document) + 1)]


def _xml_flip(document: str, rng: random.Random) -> str:
    return flipped(document.encode("utf-8", "replace"), rng).decode("utf-8", "replace")


def _xml_kind(document: str, rng: random.Random) -> str:
    kinds = ("event", "text", "image", "location", "voice", "TEXT", "evenť", "")
    document = re.sub(r"<MsgType>.*?</MsgType>", f"<MsgType><![CDATA[{rng.choice(kinds)}]]></MsgType>", document)
    events = ("subscribe", "SCAN", "CLICK", "LOCATION", "subscribe_msg_popup_event", "TEMPLATESENDJOBFINISH")
    return re.sub(r"<Event>.*?</Event>", f"<Event><![CDATA[{rng.choice(events)}]]></Event>", document)


_XML_TWISTS: Sequence[Callable[[str, random.Random], str]] = (
    _xml_value,
    _xml_value,
    _xml_value,
    _xml_drop,
    _xml_double,
    _xml_nest,
    _xml_rename,
    _xml_insert,
    _xml_cut,
    _xml_flip,
    _xml_kind,
)
