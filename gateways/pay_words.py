"""The pay page's own words, and its figures and dates, in the languages offered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")
_NATIVE: Final = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
_SYMBOLS: Final = {"CNY": "¥", "HKD": "HK$", "TWD": "NT$", "USD": "$", "GBP": "£", "EUR": "€", "JPY": "JP¥"}
_WHOLE: Final = frozenset({"JPY", "KRW"})

_ZH: Final = "一二三四五六日"
_EN_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_TABLE: Final[Mapping[str, tuple[str, str, str]]] = {
    "brand": ("门铃", "門鈴", "Menling"),
    "title": ("订单支付", "訂單付款", "Payment"),
    "order": ("订单号", "訂單號", "Order"),
    "service": ("项目", "項目", "Service"),
    "when": ("上门时间", "到府時間", "Visit"),
    "who": ("技师", "技師", "With"),
    "where": ("区域", "區域", "Area"),
    "anyone": ("由门店安排", "由門店安排", "Arranged by us"),
    "minutes": ("{n} 分钟", "{n} 分鐘", "{n} min"),
    "base": ("服务费", "服務費", "Service"),
    "fare": ("车费（{km} 公里）", "車費（{km} 公里）", "Travel ({km} km)"),
    "fare_near": ("车费", "車費", "Travel"),
    "night": ("夜间服务费", "夜間服務費", "Night visit"),
    "coupon": ("新客券", "新客優惠券", "New customer offer"),
    "total": ("应付合计", "應付合計", "To pay"),
    "paid_total": ("订单金额", "訂單金額", "Order total"),
    "pay": ("支付 {amount}", "付款 {amount}", "Pay {amount}"),
    "pay_by": ("请在 {time} 前支付", "請在 {time} 前付款", "Please pay by {time}"),
    "left": ("还剩", "還剩", "Time left"),
    "held": (
        "这个时间已为您留好，逾期会自动放开。",
        "這個時間已為您留好，逾期會自動放開。",
        "Your time is held for you until then.",
    ),
    "cancel_rule": (
        "技师出发前取消，全额退款。",
        "技師出發前取消，全額退款。",
        "Free to cancel until the technician sets out.",
    ),
    "check_code": (
        "付款前请核对订单号与聊天中的一致。",
        "付款前請核對訂單號與聊天中的一致。",
        "Check that the order number matches the one in your chat.",
    ),
    "payee": ("收款方：{store}", "收款方：{store}", "Paid to {store}"),
    "help": ("有疑问请致电", "有疑問請致電", "Questions? Call"),
    "sandbox": (
        "演示环境：不会真实扣款。",
        "演示環境：不會真實扣款。",
        "Demonstration: no real money is taken.",
    ),
    "options": ("演示选项", "演示選項", "Demo options"),
    "manner_normal": ("正常到账", "正常到帳", "Goes through"),
    "manner_late": ("到账通知迟到 30 秒", "到帳通知遲到 30 秒", "Notice 30 seconds late"),
    "manner_repeated": ("到账通知重复三次", "到帳通知重複三次", "Notice sent three times"),
    "manner_twice": ("重复扣款", "重複扣款", "Charged twice"),
    "manner_wrong_amount": ("到账金额不符", "到帳金額不符", "Wrong amount"),
    "manner_lost": ("到账通知丢失", "到帳通知遺失", "Notice lost"),
    "h_payable": ("确认并支付", "確認並付款", "Review and pay"),
    "h_in_chat": ("请在 Telegram 里付款", "請在 Telegram 裡付款", "Please pay in Telegram"),
    "t_in_chat": (
        "账单已发到您和我们的对话里，点账单上的支付按钮即可。没看到账单，发一句“付款”就会再发一次。",
        "帳單已發到您和我們的對話裡，點帳單上的付款按鈕即可。沒看到帳單，傳一句「付款」就會再發一次。",
        "The bill is in your chat with us: tap its Pay button. Not there? Write “pay” and we'll send it again.",
    ),
    "to_chat": ("打开 Telegram", "打開 Telegram", "Open Telegram"),
    "h_checking": ("正在确认支付结果", "正在確認付款結果", "Confirming your payment"),
    "t_checking": (
        "通常只需几秒，请不要重复付款。",
        "通常只需幾秒，請不要重複付款。",
        "This takes a few seconds. There is no need to pay again.",
    ),
    "h_waiting": ("还在等支付结果", "還在等付款結果", "Still waiting for the result"),
    "t_waiting": (
        "比平时慢一些。您可以关闭此页，结果会发到聊天里；请不要重复付款。",
        "比平時慢一些。您可以關閉此頁，結果會傳到聊天裡；請不要重複付款。",
        "It is taking longer than usual. You may close this page: we tell you in the chat. Please do not pay again.",
    ),
    "h_trouble": ("支付暂时没有连上", "付款暫時沒有連上", "The payment did not get through"),
    "t_trouble": (
        "请稍候再试。如果已经扣款，会自动确认，不用再付一次。",
        "請稍候再試。如果已經扣款，會自動確認，不用再付一次。",
        "Please try again in a moment. If money has left your account, it will be recognised by itself.",
    ),
    "h_paid": ("支付成功", "付款成功", "Paid, thank you"),
    "t_paid": (
        "接下来的进展会发到聊天里，可以关闭此页了。",
        "接下來的進度會傳到聊天裡，可以關閉此頁了。",
        "We will keep you posted in your chat. You can close this page.",
    ),
    "h_expired": ("支付时间已过", "付款時間已過", "The time to pay has passed"),
    "t_expired": (
        "预留的时间已放开，没有扣款。回到聊天点一下，就能按原样再约。",
        "保留的時間已放開，沒有扣款。回到聊天點一下，就能按原樣再約。",
        "The time has been released and nothing was charged. Go back to your chat to book it again with one tap.",
    ),
    "h_cancelled": ("订单已取消", "訂單已取消", "This order is cancelled"),
    "t_cancelled": (
        "无需付款。想再约，回到聊天说一声即可。",
        "無需付款。想再約，回到聊天說一聲即可。",
        "There is nothing to pay. To book again, just write to us in the chat.",
    ),
    "h_refunding": ("正在退款", "正在退款", "Your refund is on its way"),
    "t_refunding": (
        "{amount} 将原路退回，到账后会在聊天里告诉您。",
        "{amount} 會退回原付款方式，入帳後會在聊天裡告訴您。",
        "{amount} goes back the way it came. We will tell you in the chat when it is done.",
    ),
    "h_refunded": ("已退款", "已退款", "Refunded"),
    "t_refunded": (
        "{amount} 已原路退回，具体到账时间以银行为准。",
        "{amount} 已退回原付款方式，入帳時間以銀行為準。",
        "{amount} has gone back the way it came. Your bank may take a little longer to show it.",
    ),
    "h_parked": ("这笔款项需要人工核对", "這筆款項需要人工核對", "We are checking this payment"),
    "t_parked": (
        "收到的金额与订单不符，订单没有变动。工作人员会核对并与您联系。",
        "收到的金額與訂單不符，訂單沒有變動。工作人員會核對並與您聯絡。",
        "What arrived does not match the order. The order is unchanged; a member of staff will contact you.",
    ),
    "h_unknown": ("没有找到这笔订单", "沒有找到這筆訂單", "We cannot find this order"),
    "t_unknown": (
        "链接可能不完整。请回到聊天，从最新的消息里重新打开。",
        "連結可能不完整。請回到聊天，從最新的訊息裡重新打開。",
        "The link may be incomplete. Please open it again from the latest message in your chat.",
    ),
}  # fmt: skip


def words(lang: str) -> dict[str, str]:
    """Return every text of the page in a language; English for one that is not offered."""
    column = LANGUAGES.index(lang) if lang in LANGUAGES else LANGUAGES.index("en")
    return {key: row[column] for key, row in _TABLE.items()}


def languages_but(lang: str) -> tuple[tuple[str, str], ...]:
    """Return the other languages as (code, own name)."""
    return tuple((code, name) for code, name in _NATIVE.items() if code != lang)


def money(minor: int, currency: str) -> str:
    """Write an amount as people read it: ¥316.00, −¥20.00."""
    sign = "−" if minor < 0 else ""
    whole, part = divmod(abs(minor), 100)
    figure = f"{abs(minor):,}" if currency in _WHOLE else f"{whole:,}.{part:02d}"
    symbol = _SYMBOLS.get(currency, currency + " ")
    return f"{sign}{symbol}{figure}"


def day_and_time(at: datetime, lang: str) -> str:
    """Write a local time with its day: 11月21日 周六 15:00; Sat 21 Nov, 15:00."""
    if lang == "en":
        return f"{_EN_DAYS[at.weekday()]} {at.day} {_EN_MONTHS[at.month - 1]}, {at:%H:%M}"
    week = "週" if lang == "zh-Hant" else "周"
    return f"{at.month}月{at.day}日 {week}{_ZH[at.weekday()]} {at:%H:%M}"
