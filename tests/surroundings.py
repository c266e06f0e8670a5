"""What the environment of a run may say: nothing to the house that is tested, and nothing to the libraries it uses."""

from collections.abc import MutableMapping
from typing import Final

_OF_THE_TESTS: Final = "MENLING_TEST_"
_OF_THE_HOUSE: Final = ("MENLING_", "TELEGRAM_", "WECHAT_", "RASA_", "DATABASE_URL", "REDIS_URL")
_OF_PROXIES: Final = "_PROXY"


def make_neutral(environ: MutableMapping[str, str]) -> None:
    """Forget the house's settings and the machine's proxies: whoever has a real house here tests another one.

    No proxy leads to a server of ours: each listens on this machine, and a client that asked a proxy for it would
    wait for nothing.
    """
    for name in [name for name in environ if _is_foreign(name.upper())]:
        del environ[name]


def _is_foreign(name: str) -> bool:
    if name.endswith(_OF_PROXIES):
        return True
    return name.startswith(_OF_THE_HOUSE) and not name.startswith(_OF_THE_TESTS)
