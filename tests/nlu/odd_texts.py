# ruff: noqa: E501 - samples stay on one line
"""Texts no one would think of: all of Unicode, runs, words of time joined at random, real sentences gone wrong."""

import json
import random
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from opencc import OpenCC

from nlu.labelled import EXAMPLES, unmarked

LONG = 1_000
"""As many characters as are ever read of a message."""

CORPUS = Path(__file__).parent / "corpus"

PIECES = (
    "明天 后天 大后天 下周 下下周 周六 礼拜天 周末 月底 三 两 点 半 刻 号 月 日 年 个 小时 分钟 后 前 到 或 和 - / : . , ， ？ "
    "不是 不要 改成 王师傅 肩颈按摩 9 12 31 99 0 2026 在 家 路 号楼 栋 单元 室 1201 上次那个 谁都行 每 饭后 左右 多 以后 之前 "
    "tomorrow next friday at half past quarter to 4 pm am in an hour from between and not no yes or the 25th nov 3rd of before "
    "after around asap flat road NW1 massage 第 一 十 零 〇 百 千 万 星 ⭐ ¥ £ 元 块 138 0013 8000 +44 一三八 + ( ) （ ） ' \" "
    "\u200b \u202e \x00 \ud800 \udfff 😀 👨‍👩‍👧 ½ ① ﷽ ﷺ ﬃ İ ß ９ ： ａ \t \n"
).split(" ")  # fmt: skip

HOSTILE = (
    "a", "1", "0", "９", "三", "点", "-", "+", ".", ",", "?", "的", "或", "和", "到", "号", "栋", "半", "十", "万", "零", "元", "£", "\u200b",
    "\u0300", "😀", "\ud800", "\n", "'", "(", "（", "明天", "周", "下", "大", "每", "后", "等会", "一个半", "小时", "单元", "路1号", "3号楼",
    "1.", "12:30 ", "1/2/", "2026-", "2026年", "4.8", "12.", "+44 ", "138 ", "13800138000", "一三八", "A1B2C3", "周六或", "不是明天,",
    "明天下午三点到", "我在朝阳区", "上次那个", "王师傅", "谁都行", "no, ", "to ", "from ", "between ", "at ", "the ", "a ", "a1 ", "next ",
    "or ", "and a half ", "two hours ", "half past ", "before ", "after ", "the 25th of ", "3rd ", "st ", "flat ", "22 acacia road, ",
    "neck and ", "sholder ", "too late ", "please ", "order ",
)  # fmt: skip
"""What an expression may stumble over when it comes again and again."""


@cache
def real_sentences() -> tuple[str, ...]:
    """What people say in the languages here: labelled messages and our own examples, some in traditional writing."""
    lines = (line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    said = [*(json.loads(line)["text"] for line in lines), *_examples()]
    traditional = OpenCC("s2t")
    return (*said, *(traditional.convert(text) for text in said[::9] if not text.isascii()))


def _examples() -> Iterator[str]:
    """Every seventh of our own examples, found by their dashes: reading them as YAML takes seconds."""
    lines = (line.strip() for path in sorted(EXAMPLES.glob("*/*.yml")) for line in path.read_text("utf-8").splitlines())
    for line in islice((line for line in lines if line.startswith("- ") and "intent:" not in line), 0, None, 7):
        yield unmarked(line[2:], "", "").text


def odd_text(chance: random.Random) -> str:
    """Make one more; one in twenty is as long as is ever read."""
    if chance.random() < 0.05:
        return long_text(chance)
    return chance.choice((_any_characters, _joined, _run, _mutated, _mutated))(chance)


def long_text(chance: random.Random) -> str:
    """Make a long one of a few pieces said again and again, with something before and something behind."""
    pieces = "".join(chance.choice((*HOSTILE, *PIECES)) for _ in range(chance.choice((1, 2, 2, 3, 5)))) or " "
    return (_joined(chance)[:20] + pieces * LONG)[: LONG - 8] + _joined(chance)[:8]


def hostile_texts() -> Iterator[str]:
    """Every hostile piece said until the text is as long as is ever read, and words with a long gap between them."""
    for piece in HOSTILE:
        yield (piece * LONG)[:LONG]
    for words in ("礼拜天 4 ", "after 7 or ", "1201 "):
        for gap in (" ", "\n", "\u3000\t", " ,", "。 "):
            yield (words + gap * LONG)[: LONG - len(words)] + words


def _any_characters(chance: random.Random) -> str:
    """Characters of all planes: control characters, halves of pairs and unassigned ones with them."""
    ends = chance.choice((0x7F, 0x2FF, 0xFFFF, 0x10FFFF))
    return "".join(chr(chance.randrange(ends + 1)) for _ in range(chance.randrange(40)))


def _joined(chance: random.Random) -> str:
    gap = chance.choice(("", "", " "))
    return gap.join(chance.choice(PIECES) for _ in range(chance.randrange(14)))


def _run(chance: random.Random) -> str:
    """Long runs of digits, marks or one word, in something that was said."""
    piece = chance.choice((*HOSTILE, *PIECES))
    words = chance.choice(real_sentences())
    at = chance.randrange(len(words) + 1)
    return words[:at] + piece * chance.randrange(2, 40) + words[at:]


def _mutated(chance: random.Random) -> str:
    words = list(chance.choice(real_sentences()))
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(words) + 1)
        act = chance.randrange(6)
        if act == 0:
            words[at : at + 1] = []
        elif act == 1:
            words[at:at] = chance.choice(PIECES)
        elif act == 2:
            words[at : at + 2] = reversed(words[at : at + 2])
        elif act == 3:
            words[at:at] = words[max(0, at - 3) : at]
        elif act == 4:
            words[at:] = chance.choice(real_sentences())[at:]
        else:
            words[at : at + 3] = [_wide(char) for char in words[at : at + 3]]
    return "".join(words)


def _wide(char: str) -> str:
    """The full-width twin of a character of ASCII, the upper case of any other."""
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char.upper()
