"""Numbers as people write and say them, in digits, Chinese numerals and English words."""

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "幺": 1,
    "洞": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SPOKEN = str.maketrans("零〇洞一幺二两三四五六七八九", "00011223456789")

ENGLISH: dict[str, int] = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "couple": 2, "few": 3, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
ENGLISH |= {f"twenty{gap}{word}": 20 + value for word, value in list(ENGLISH.items())[1:10] for gap in (" ", "-", "")}


def integer(text: str) -> int | None:
    """The whole number these characters say (25, 二十五, 廿五 no), or none."""
    if text.isascii():
        return int(text) if text.isdigit() else ENGLISH.get(text)
    if not any(char in _UNITS for char in text):
        spoken = text.translate(_SPOKEN)
        return int(spoken) if spoken.isascii() and spoken.isdigit() else None
    return _numeral(text)


def _numeral(text: str) -> int | None:
    """二十五, 一百二 (=120), 一百零五."""
    total, digit, last_unit = 0, None, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            last_unit = _UNITS[char]
            total += (1 if digit is None else digit) * last_unit
            digit = None
        else:
            return None
    if digit:
        tail = last_unit // 10 if last_unit >= 100 and "零" not in text[-2:] and "〇" not in text[-2:] else 1
        total += digit * tail
    return total


def amount(text: str) -> float | None:
    """A number that may have a half or a decimal part (1.5, 半, 两, an), or none."""
    if text in ("半", "half"):
        return 0.5
    if text.replace(".", "", 1).isdigit() and text.isascii():
        return float(text)
    whole = integer(text)
    return None if whole is None else float(whole)


def spoken_digits(text: str) -> str:
    """一三八 0013 -> 1380013: digits said one by one; other characters stay."""
    return text.translate(_SPOKEN)
