"""The fault script: what should go wrong with the next calls, told beforehand."""

from dataclasses import dataclass
from enum import StrEnum

EVERY_CALL = "*"


class FaultKind(StrEnum):
    """Ways in which a platform lets its callers down."""

    BAD_REQUEST = "400"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    CONFLICT = "409"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    SLOW = "slow"
    RESET = "reset"
    SUCCESS_THEN_TIMEOUT = "success_then_timeout"
    ENDLESS = "endless"
    ERRCODE = "errcode"


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned failure; `seconds` is the delay of the slow kinds, `errcode` is WeChat's, `why` Telegram's words."""

    kind: FaultKind
    seconds: float = 0.0
    retry_after: int = 1
    errcode: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Planned:
    target: str
    subject: str | None
    fault: Fault


class FaultScript:
    """Failures in the order in which they were planned; each is used once."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(self, target: str, fault: Fault, *, times: int = 1, subject: str | None = None) -> None:
        """Let the next `times` calls of `target` fail, only those about `subject` when one is given."""
        if times < 1:
            raise ValueError("a fault is planned at least once")
        self._planned.extend([_Planned(target, subject, fault)] * times)

    def take(self, target: str, *, subject: str | None = None) -> Fault | None:
        """The next failure planned for this call, which is then spent."""
        for planned in self._planned:
            if planned.target.lower() in (target.lower(), EVERY_CALL) and planned.subject in (None, subject):
                self._planned.remove(planned)
                return planned.fault
        return None

    def planned(self) -> list[tuple[str, str]]:
        """What is still to fail, in order: the call and how."""
        return [
            (one.target, str(one.fault.errcode) if one.fault.kind is FaultKind.ERRCODE else one.fault.kind.value)
            for one in self._planned
        ]

    def clear(self) -> None:
        """Forget every failure that is still planned."""
        self._planned.clear()
