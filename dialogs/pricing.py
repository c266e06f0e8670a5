"""A quote in words."""

from core.money.pricing import Quote, QuoteItem
from dialogs.engine.step import Step
from dialogs.outgoing import Button


def price_line(step: Step, quote: Quote) -> str:
    """Write the itemised price: 服务 ¥268 + 车费 ¥12 − 新客券 ¥20 = ¥260."""
    parts: list[str] = []
    for item in quote.items:
        words = step.say(f"price.{item.code}", amount=_amount(step, item, quote.currency))
        sign = "" if not parts else (" − " if item.minor < 0 else " + ")
        parts.append(f"{sign}{words}")
    total = step.money(quote.total_minor, quote.currency)
    several = len(parts) > 1 or any(item.quantity > 1 for item in quote.items)
    return f"{''.join(parts)} = {total}" if several else "".join(parts)


def _amount(step: Step, item: QuoteItem, currency: str) -> str:
    """Write what a line costs; of several things what each costs, and how many: ¥99 × 2."""
    if item.quantity == 1:
        return step.money(abs(item.minor), currency)
    return f"{step.money(item.each_minor, currency)} × {item.quantity}"


def pay_button(step: Step, total: str, token: str) -> Button:
    """Return the way to pay a payment: a link to our own page, which a door may accompany with its own way."""
    return Button(step.say("book.pay", total=total), url=step.house.link(f"/pay/{token}"), pays=token)
