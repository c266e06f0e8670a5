"""What WeChat refuses until an operator mends it, said so that they can."""

from collections.abc import Mapping

from bots.wechat.pushing import QUOTA, Refusal
from dialogs.outgoing import Trouble

_NO_TOKEN = {
    40164: "this machine's address is not on the account's IP allow-list, so nothing can be sent from here",
    40013: "the AppID is wrong: correct WECHAT_APPID",
    40125: "the AppSecret is wrong: correct WECHAT_SECRET",
}
_PASSES = frozenset({0, -1, 45011})
"""No answer at all, WeChat too busy, we too fast: nothing anybody has to mend."""
_REFUSED = {
    QUOTA: "today's quota of {what} is used up; other ways are used until midnight in Shanghai",
    48001: "{what} is not granted to the account: ask for it in the console, or switch it off in the settings",
    48004: "{what} is banned: read WeChat's notice in the console",
}
_TEMPLATE = "template {what} is not taken as it is: compare it with the one in the console"


def in_words(account: str, machine: str, *, no_token: int, refused: Mapping[str, Refusal]) -> dict[str, Trouble]:
    """Return what is to be said to operators, by cause; what is refused for its address is so on this `machine`."""
    said: dict[str, Trouble] = {}
    if no_token not in _PASSES:
        words = _NO_TOKEN.get(no_token, "the account is given no token, so nothing can be sent")
        where = f":{machine}" if no_token == 40164 else ""
        said[f"wechat:{account}:{no_token}{where}"] = Trouble(
            f"WeChat account {account} on {machine}: {words} ({no_token})"
        )
    for what, one in refused.items():
        words = _REFUSED.get(one.errcode, _TEMPLATE).format(what=what)
        told = f"WeChat account {account}: {words} ({one.errcode})"
        said[f"wechat:{account}:{one.errcode}:{what}"] = Trouble(told, one.ends_at)
    return {cause[:96]: trouble for cause, trouble in said.items()}
