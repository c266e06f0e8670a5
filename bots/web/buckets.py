"""How often somebody may act: token buckets in memory, forgotten oldest first."""

from collections import OrderedDict
from typing import Final

MOST_KEPT: Final = 20_000


class Buckets:
    """Every key may act `burst` times at once and `rate` times a second for ever."""

    def __init__(self, *, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> bool:
        """Tell whether this act is within bounds, and count it; `now` is monotonic seconds."""
        left, at = self._kept.pop(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - at) * self._rate)
        granted = left >= 1
        self._kept[key] = (left - 1 if granted else left, now)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return granted


def unhurried() -> Buckets:
    """Return buckets that never run dry."""
    return Buckets(rate=1e9, burst=1_000_000_000)
