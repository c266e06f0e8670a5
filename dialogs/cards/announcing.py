"""Announcements as people see them: the operators' own words under a heading that says what they are."""

from core.announcements import Announcement, AnnouncementKind
from core.catalog import text_in
from core.messages import Template
from dialogs.engine.actions import Begin, plain
from dialogs.engine.talk import fitting
from dialogs.outgoing import Body, Button
from dialogs.texts import Texts


def announced(texts: Texts, announcement: Announcement, lang: str) -> Body:
    """Return an announcement in a language; news with a way to have no more of them."""
    said = announcement.said
    buttons = []
    if said.link is not None:
        buttons.append(Button(fitting(text_in(said.link.texts, lang)), url=said.link.url))
    if said.kind is AnnouncementKind.NEWS:
        buttons.append(Button(texts.say(lang, "announcement.stop"), plain(Begin("stop_news"))))
    template = Template.NEWS if said.kind is AnnouncementKind.NEWS else Template.ANNOUNCEMENT
    words = texts.say(lang, f"message.{template}", words=text_in(said.texts, lang))
    return Body(text=words, rows=tuple((button,) for button in buttons))
