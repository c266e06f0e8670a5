"""Slips of the fingers in Chinese time words: a character of the same sound; lengths stay."""

import re

# A word as typed, the word meant; those that are words of their own count only before an hour.
_SLIPS = (
    ("名天 明填 明田 明添 民天 鸣天 明夭 命天 敏天", "明天", ""),
    ("金天 今夭 今填", "今天", ""),
    ("后夭 后填 后田 厚天", "后天", ""),
    ("夏午 下牛 吓午", "下午", ""),
    ("下五 下舞 下伍 下误 下武 下屋", "下午", "hour"),
    ("尚午 商午", "上午", ""),
    ("上五 上舞 上武 上伍", "上午", "hour"),
    ("中五 中舞 忠午", "中午", "hour"),
    ("碗上 晚伤 万上 挽上", "晚上", "hour"),
    ("早伤 枣上", "早上", "hour"),
    ("星其 新期 兴期 星奇 星斯", "星期", "weekday"),
    ("礼白 里拜", "礼拜", "weekday"),
    ("下州 下洲 夏周 下粥", "下周", "weekday"),
    ("这州 这洲 这粥", "这周", "weekday"),
    ("临晨 零晨 凌辰 淩晨", "凌晨", ""),
    ("分种 分终 分锺", "分钟", ""),
)
_NEXT = {
    "": "",
    "hour": r"(?=\s*(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})\s*[点:])",
    "weekday": r"(?=[一二三四五六日天末])",
}
_MEANT = {typed: meant for typed_words, meant, _ in _SLIPS for typed in typed_words.split() if len(typed) == len(meant)}
_TYPED = "|".join(
    f"{typed}{_NEXT[next_]}" for words, meant, next_ in _SLIPS for typed in words.split() if len(typed) == len(meant)
)
_HALF = r"(?<=点)[伴班办板拌版](?=$|[\s,.!?吧可行来到左有呢吗])"
_O_CLOCK = r"(?<=[0-9一二两三四五六七八九十])[典奌](?=$|[\s,.!?半钟吧到左前后可行一二三四五十0-9])"
_SLIP = re.compile(f"{_TYPED}|(?P<half>{_HALF})|(?P<oclock>{_O_CLOCK})")
_ONES = {"half": "半", "oclock": "点"}


def mended(text: str) -> str:
    """The same text with slips put right; every character keeps its place."""
    return _SLIP.sub(_right, text)


def _right(match: re.Match[str]) -> str:
    return _ONES[match.lastgroup] if match.lastgroup else _MEANT[match.group()]
