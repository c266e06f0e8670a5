"""A quote in words."""

from core.money.pricing import Quote
from dialogs.engine.step import Step


def price_line(step: Step, quote: Quote) -> str:
    """Write the itemised price: 服务 ¥268 + 车费 ¥12 − 新客券 ¥20 = ¥260."""
    parts: list[str] = []
    for item in quote.items:
        words = step.say(f"price.{item.code}", amount=step.money(abs(item.minor), quote.currency))
        sign = "" if not parts else (" − " if item.minor < 0 else " + ")
        parts.append(f"{sign}{words}")
    total = step.money(quote.total_minor, quote.currency)
    return f"{''.join(parts)} = {total}" if len(parts) > 1 else "".join(parts)
