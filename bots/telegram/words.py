"""The few words this door says itself: its own keyboard, its commands, and what it tells a group."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; `commands` gives each command its menu line."""

    share_phone: str
    share_phone_hint: str
    share_location: str
    share_location_hint: str
    keyboard_gone: str
    group: str
    commands: Mapping[str, str]


_ZH_HANS = Words(
    share_phone="📱 发送我的手机号",
    share_phone_hint="也可以点下面的按钮，直接发送您的手机号。",
    share_location="📍 发送我的位置",
    share_location_hint="也可以点下面的按钮，直接发送您现在的位置。",
    keyboard_gone="收到。",
    group="预约要用到您的地址和电话，请点我的头像私聊，在这里不方便说。",
    commands={
        "book": "预约上门服务",
        "orders": "我的订单",
        "cancel": "不约了，取消当前操作",
        "human": "找人工客服",
        "help": "看看能做什么",
    },
)
_ZH_HANT = Words(
    share_phone="📱 傳送我的手機號碼",
    share_phone_hint="也可以點下面的按鈕，直接傳送您的手機號碼。",
    share_location="📍 傳送我的位置",
    share_location_hint="也可以點下面的按鈕，直接傳送您現在的位置。",
    keyboard_gone="收到。",
    group="預約會用到您的地址和電話，請點我的頭像私訊，在這裡不方便說。",
    commands={
        "book": "預約到府服務",
        "orders": "我的訂單",
        "cancel": "不約了，取消目前操作",
        "human": "找真人客服",
        "help": "看看能做什麼",
    },
)
_EN = Words(
    share_phone="📱 Send my phone number",
    share_phone_hint="Or send us the number of this phone with the button below.",
    share_location="📍 Send my location",
    share_location_hint="Or send us where you are now with the button below.",
    keyboard_gone="Thank you.",
    group="A booking needs your address and phone number, so please message me privately: tap my picture to begin.",
    commands={
        "book": "Book a visit",
        "orders": "My orders",
        "cancel": "Stop what we are doing",
        "human": "Talk to a person",
        "help": "What I can do for you",
    },
)
WORDS: Mapping[str, Words] = {"zh-Hans": _ZH_HANS, "zh-Hant": _ZH_HANT, "en": _EN}


def language_of(code: str | None) -> str | None:
    """Return our language for Telegram's code ("zh-hans", "en-GB"); None when Telegram does not say."""
    if not code:
        return None
    tag = code.replace("_", "-").casefold()
    if not tag.startswith("zh"):
        return "en"
    return "zh-Hant" if any(part in tag for part in ("hant", "-tw", "-hk", "-mo")) else "zh-Hans"


def words_for(lang: str | None) -> Words:
    """Return the words of a language, Chinese when it is unknown."""
    return WORDS.get(lang or "zh-Hans", _EN)
