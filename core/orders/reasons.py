"""Why somebody says no, or asks for another time: the list both sides choose from."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a technician says no; the customer hears neutral words, operators the reason."""

    TIME = "time"
    FAR = "far"
    UNWELL = "unwell"
    OTHER = "other"
