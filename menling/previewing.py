"""How an announcement will look on each channel, for operators who want to see it before it goes out."""

import importlib
from collections.abc import Mapping

from admin_api.showing import Seen, Show
from core.announcements import Announcement, AnnouncementKind
from dialogs.cards.announcing import announced
from dialogs.outgoing import NEWSLESS, Body, Door, Outgoing
from dialogs.texts import Texts


def shown_on(texts: Texts, doors: Mapping[str, Door]) -> Show:
    """Return what says how an announcement looks; the doors may still fill up."""

    def show(announcement: Announcement, lang: str, channel: str) -> Seen:
        body = announced(texts, announcement, lang)
        sent = channel not in NEWSLESS or announcement.said.kind is not AnnouncementKind.NEWS
        if not sent or channel not in doors:  # what a door makes of it is known once the door is there
            return _plain(body, sent=sent)
        return _THERE.get(channel, _plain_there)(body, lang)

    return show


def _plain(body: Body, *, sent: bool) -> Seen:
    return Seen(body.text, tuple(button.label for button in body.buttons), sent)


def _plain_there(body: Body, _lang: str) -> Seen:
    return _plain(body, sent=True)


def _on_telegram(body: Body, _lang: str) -> Seen:
    text: str = importlib.import_module("bots.telegram.keyboards").text_of(body)
    return Seen(text, tuple(button.label for button in body.buttons), sent=True)


def _on_wechat(body: Body, lang: str) -> Seen:
    """Write it as one text: WeChat has no buttons of ours."""
    message = Outgoing(0, 0, "notice", "wechat", "", "", body, lang)
    text: str = importlib.import_module("bots.wechat.showing").text_of(message, tappable=False)
    return Seen(text, (), sent=True)


_THERE = {"telegram": _on_telegram, "wechat": _on_wechat}
