"""Announcements as people see them: the operators' own words under a heading that says what they are."""

from collections.abc import Mapping

from core.announcements import Announcement, AnnouncementKind
from core.catalog import text_in
from core.messages import Template
from dialogs.engine.actions import Begin, plain
from dialogs.engine.talk import fitting
from dialogs.outgoing import Body, Button
from dialogs.texts import Texts
from dialogs.texts.taiwan import reworded


def announced(texts: Texts, announcement: Announcement, lang: str) -> Body:
    """Return an announcement in a language; news with a way to have no more of them."""
    said = announcement.said
    buttons = []
    if said.link is not None:
        buttons.append(Button(fitting(_told(said.link.texts, lang)), url=said.link.url))
    if said.kind is AnnouncementKind.NEWS:
        buttons.append(Button(texts.say(lang, "announcement.stop"), plain(Begin("stop_news"))))
    template = Template.NEWS if said.kind is AnnouncementKind.NEWS else Template.ANNOUNCEMENT
    words = texts.say(lang, f"message.{template}", words=_told(said.texts, lang))
    return Body(text=words, rows=tuple((button,) for button in buttons))


def _told(texts: Mapping[str, str], lang: str) -> str:
    """Return the operators' words; those made for Taiwan of Simplified ones are the house's own words for it."""
    words = text_in(texts, lang)
    return reworded(words) if lang == "zh-Hant" and lang not in texts and "zh-Hans" in texts else words
