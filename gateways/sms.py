"""Text messages of the embedded default: the code appears where the program was started, never in a log."""

import sys
from typing import Final, TextIO

from core.effects import Sms
from gateways.ports import Done, Outcome

_WORDS: Final = {
    "zh-Hans": "【门铃】验证码 {code}，10 分钟内有效，请勿告诉他人。",
    "zh-Hant": "【門鈴】驗證碼 {code}，10 分鐘內有效，請勿告訴他人。",
    "en": "Menling: your code is {code}, valid for 10 minutes. Keep it to yourself.",
}


def words_of(sms: Sms) -> str:
    """Return the text of a message in its language."""
    return _WORDS.get(sms.lang, _WORDS["en"]).format(code=sms.code)


class ConsoleSms:
    """Writes text messages to a stream, by default standard output: standard error is the log."""

    real = False

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    async def send(self, sms: Sms, *, number: str) -> Outcome:
        """Write one message down."""
        self._stream.write(f"SMS {number} -> {sms.phone}: {words_of(sms)}\n")
        self._stream.flush()
        return Done(reference=number)

    async def send_note(self, phone: str, words: str, *, number: str) -> Outcome:
        """Write one message down."""
        self._stream.write(f"SMS {number} -> {phone}: {words}\n")
        self._stream.flush()
        return Done(reference=number)
