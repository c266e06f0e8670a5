"""The few words this door says itself: its own keyboard, its commands, and what it tells a group."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; `commands` gives each command its menu line, `at_work` those of a technician."""

    share_phone: str
    share_phone_hint: str
    share_location: str
    share_location_hint: str
    keyboard_gone: str
    group: str
    stale: str
    bill: str
    bill_late: str
    checkout: Mapping[str, str]
    commands: Mapping[str, str]
    at_work: Mapping[str, str]


_ZH_HANS = Words(
    share_phone="📱 发送我的手机号",
    share_phone_hint="也可以点下面的按钮，直接发送您的手机号。",
    share_location="📍 发送我的位置",
    share_location_hint="也可以点下面的按钮，直接发送您现在的位置。",
    keyboard_gone="收到。",
    group="预约要用到您的地址和电话，请点我的头像私聊，在这里不方便说。",
    stale="这条已经不是最新的了，请看最下面那条。",
    bill="{what}，{moment} 上门，订单 {code}。请在 {until} 前支付，金额与订单一致。",
    bill_late="账单暂时发不出来，已经请同事处理，一好就发给您。",
    checkout={
        "paid": "这张订单已经付过了，不用再付。",
        "over": "付款时间已过，没有扣款。想再约，请在对话里点“我的订单”重新下单。",
        "cancelled": "这张订单已经取消，没有扣款。",
        "wrong": "这张账单已经失效，没有扣款。请在对话里点“我的订单”拿最新的账单。",
        "busy": "系统正忙，没有扣款。请过一分钟再付一次。",
    },
    commands={
        "book": "预约上门服务",
        "orders": "我的订单",
        "messages": "我的消息",
        "cancel": "不约了，取消当前操作",
        "human": "找人工客服",
        "help": "看看能做什么",
    },
    at_work={
        "today": "今天的单",
        "offers": "等我接的单",
        "rota": "我的班表",
        "income": "我的收入",
        "off": "收工，先不接单",
        "on": "开工，开始接单",
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
    stale="這則已經不是最新的了，請看最下面那則。",
    bill="{what}，{moment} 到府，訂單 {code}。請在 {until} 前付款，金額與訂單一致。",
    bill_late="帳單暫時傳不出來，已經請同事處理，一好就傳給您。",
    checkout={
        "paid": "這張訂單已經付過了，不用再付。",
        "over": "付款時間已過，沒有扣款。想再預約，請在對話裡點「我的訂單」重新下單。",
        "cancelled": "這張訂單已經取消，沒有扣款。",
        "wrong": "這張帳單已經失效，沒有扣款。請在對話裡點「我的訂單」取得最新的帳單。",
        "busy": "系統忙碌中，沒有扣款。請過一分鐘再付一次。",
    },
    commands={
        "book": "預約到府服務",
        "orders": "我的訂單",
        "messages": "我的訊息",
        "cancel": "不約了，取消目前操作",
        "human": "找真人客服",
        "help": "看看能做什麼",
    },
    at_work={
        "today": "今天的單",
        "offers": "等我接的單",
        "rota": "我的班表",
        "income": "我的收入",
        "off": "收工，先不接單",
        "on": "開工，開始接單",
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
    stale="That message is out of date. Please see the latest one below.",
    bill="{what}, {moment}, order {code}. Please pay by {until}; the amount is as agreed.",
    bill_late="We can't show you the bill just yet. We're looking into it, and it will come as soon as it can.",
    checkout={
        "paid": "This order has been paid already. There is nothing more to pay.",
        "over": "The time to pay has passed and no money was taken. Tap My orders in the chat to book it again.",
        "cancelled": "This order has been cancelled. No money was taken.",
        "wrong": "This bill is no longer valid and no money was taken. Tap My orders in the chat for the current one.",
        "busy": "We're very busy just now, so no money was taken. Please try again in a minute.",
    },
    commands={
        "book": "Book a visit",
        "orders": "My orders",
        "messages": "My messages",
        "cancel": "Stop what we are doing",
        "human": "Talk to a person",
        "help": "What I can do for you",
    },
    at_work={
        "today": "My visits today",
        "offers": "Visits waiting for my yes",
        "rota": "My rota",
        "income": "My income",
        "off": "Take no more visits for now",
        "on": "Take visits again",
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
