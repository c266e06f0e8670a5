"""What the fields of template and subscription messages may hold, by the kind their name begins with."""

import re

from simulators.wechat.errors import Refusal

MOST = 20
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_KINDS = {
    "thing": re.compile(r".{1,20}"),
    "number": re.compile(r"[0-9]{1,29}(\.[0-9]{1,2})?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"),
    "time": re.compile(r"(\d{4}(年|-)\d{1,2}(月|-)\d{1,2}日? ?)?\d{1,2}:\d{2}(:\d{2})?(~.{4,20})?"),
    "date": re.compile(r"\d{4}(年|-)\d{1,2}(月|-)\d{1,2}日?( \d{1,2}:\d{2}(:\d{2})?)?"),
    "amount": re.compile(r"[¥￥$]?[0-9]{1,10}(\.[0-9]{1,2})?元?"),
    "phone_number": re.compile(r"[0-9+\-()]{1,17}"),
    "car_number": re.compile(r".{1,8}"),
    "name": re.compile(r"[^\x00-\x7f]{1,10}|[A-Za-z .'-]{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "const": re.compile(r".{1,20}"),
}


def kind_of(key: str) -> str:
    """The kind of a field: its name without its number."""
    return key.rstrip("0123456789")


def check(key: str, value: str) -> str:
    """The value when it fits its field's kind; 47003 otherwise. A field of no known kind takes 20 characters."""
    form = _KINDS.get(kind_of(key))
    if form is None:
        return value[:MOST]
    if form.fullmatch(value) is None:
        raise Refusal(47003, f"data.{key}.value invalid")
    return value


def oddities(key: str, value: str) -> list[str]:
    """What a template message would lose of this value: lines, characters above 20, emoji."""
    found = []
    if "\n" in value:
        found.append("lines")
    if len(value.split("\n", 1)[0]) > MOST and kind_of(key) not in ("character_string", "number", "letter", "time"):
        found.append("characters")
    if _EMOJI.search(value):
        found.append("emoji")
    return found


def shown(key: str, value: str) -> str:
    """What is left of a value in a template message: one line without emoji, at most 20 characters of a thing."""
    line = _EMOJI.sub("", value.split("\n", 1)[0])
    return line[: 32 if kind_of(key) in ("character_string", "number", "letter", "time") else MOST]
