"""Announcements: what operators say to many at once, each person told once, and news only to who wants them."""

from core.announcements.announcements import (
    LONGEST_LABEL,
    LONGEST_URL,
    LONGEST_WORDS,
    MOST_PACE,
    USUAL_PACE,
    Announcement,
    AnnouncementKind,
    Draft,
    Link,
    announcement,
    announcements,
    draft,
    start,
    stop,
)
from core.announcements.audience import Audience, Reach
from core.announcements.progress import Progress, progress, reach_of
from core.announcements.states import AnnouncementState
from core.announcements.writing import due_work, still_goes

__all__ = [
    "LONGEST_LABEL",
    "LONGEST_URL",
    "LONGEST_WORDS",
    "MOST_PACE",
    "USUAL_PACE",
    "Announcement",
    "AnnouncementKind",
    "AnnouncementState",
    "Audience",
    "Draft",
    "Link",
    "Progress",
    "Reach",
    "announcement",
    "announcements",
    "draft",
    "due_work",
    "progress",
    "reach_of",
    "start",
    "still_goes",
    "stop",
]
