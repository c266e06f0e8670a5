"""Messages of kinds a bot seldom wants: stickers, films, dice, polls, and what a forward looks like."""

from simulators.telegram.state import Message, Platform

KINDS = ("sticker", "video", "video_note", "audio", "animation", "poll", "dice", "story", "venue", "game")
_FILM = {"width": 320, "height": 240, "duration": 3, "mime_type": "video/mp4"}


def odd_content(platform: Platform, kind: str) -> dict[str, object]:
    """The fields of a message of this kind; ValueError when the kind is unknown."""
    simple = _without_file(platform, kind)
    if simple is not None:
        return {kind: simple} | ({"location": simple["location"]} if kind == "venue" else {})
    stored = platform.store_file(b"\x00" * 64, folder=f"{kind}s", suffix="bin")
    file: dict[str, object] = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": 64}
    if kind == "sticker":
        look: dict[str, object] = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return {kind: file | look | {"type": "regular", "emoji": "👍"}}
    if kind == "video_note":
        return {kind: file | {"length": 240, "duration": 3}}
    if kind == "audio":
        return {kind: file | {"duration": 3, "mime_type": "audio/mpeg", "title": "Tune"}}
    if kind == "animation":
        # Telegram repeats an animation as a document, for bots that are older than animations.
        return {kind: file | _FILM, "document": file}
    if kind == "video":
        return {kind: file | _FILM}
    raise ValueError(f"nobody can send a {kind!r}")


def forwarded(platform: Platform, message: Message) -> dict[str, object]:
    """The content of a message as it looks once forwarded: without its buttons, with where it is from."""
    author = platform.bot_user() if message.from_bot or message.author is None else message.author.as_user()
    origin = {"type": "user", "date": int(message.sent_at), "sender_user": author}
    return {**message.content, "forward_origin": origin}


def _without_file(platform: Platform, kind: str) -> dict[str, object] | None:
    if kind == "poll":
        options = [{"text": word, "voter_count": 0, "persistent_id": word} for word in ("one", "two")]
        flags = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False, "type": "regular"}
        return {"id": "1", "question": "Which?", "options": options, "total_voter_count": 0, **flags}
    if kind == "dice":
        return {"emoji": "🎲", "value": 4}
    if kind == "story":
        return {"chat": platform.bot_user() | {"type": "private"}, "id": 1}
    if kind == "venue":
        place = {"latitude": 31.2304, "longitude": 121.4737}
        return {"location": place, "title": "人民广场", "address": "上海市黄浦区"}
    if kind == "game":
        return {"title": "Chess", "description": "A game", "photo": []}
    return None
