"""One message read whole."""

from datetime import datetime

from nlu.lexicon import Lexicon
from nlu.understanding import Asked, Understanding


def understand(text: str, *, lang: str, zone: str, now: datetime, lexicon: Lexicon, asked: Asked = Asked()) -> Understanding:
    """What the person means; now is aware UTC, times are resolved in the IANA zone. Never raises on any text."""
    raise NotImplementedError
