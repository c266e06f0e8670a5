"""The methods of the Bot API that write, change and remove messages."""

from collections.abc import Callable, Mapping

from simulators.images import image_size
from simulators.telegram.errors import TOO_OLD, UNCHANGED, ApiError, bad_request
from simulators.telegram.html import parse_html, utf16_length
from simulators.telegram.keyboards import Keyboard, read_keyboard
from simulators.telegram.params import Params
from simulators.telegram.state import Message, Platform, Press, live_until

Method = Callable[[Platform, Params], object]

_MOST_TEXT = 4096
_MOST_CAPTION = 1024
_EDITABLE_SECONDS = 48 * 3600
_CHAT_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


def _formatted(params: Params, name: str, *, most: int) -> tuple[str, list[object]]:
    source = params.text(name)
    mode = params.text("parse_mode")
    entities: list[object] = []
    if mode.lower() == "html":
        text, parsed = parse_html(source)
        entities = [*parsed]
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text = source
        given = params.structure("entities")
        entities = given if isinstance(given, list) else []
    if utf16_length(text.strip()) > most:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    return text.strip(), entities


def _text_content(params: Params) -> dict[str, object]:
    text, entities = _formatted(params, "text", most=_MOST_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return {"text": text, **({"entities": entities} if entities else {})}


def _keyboard(params: Params) -> Keyboard | None:
    return read_keyboard(params.structure("reply_markup"))


def _inline_keyboard(params: Params) -> Keyboard | None:
    keyboard = _keyboard(params)
    if keyboard is not None and keyboard.kind != "inline":
        raise bad_request("inline keyboard expected")
    return keyboard


def _send(platform: Platform, params: Params, content: dict[str, object], *, photo: bytes | None = None) -> Message:
    account = platform.addressee(params)
    keyboard = _keyboard(params)
    if account.id < 0 and keyboard is not None and any(button.web_app for button in keyboard.buttons()):
        raise bad_request("BUTTON_TYPE_INVALID")
    return platform.add_message(account, content, from_bot=True, keyboard=keyboard, photo=photo)


def send_message(platform: Platform, params: Params) -> object:
    """Write a text of 1 to 4,096 characters."""
    return platform.wire(_send(platform, params, _text_content(params)))


def send_photo(platform: Platform, params: Params) -> object:
    """Show a picture, uploaded or already on the file server."""
    platform.addressee(params)
    known = platform.files.get(params.text("photo"))
    data = known.data if known is not None else params.file("photo")
    if data is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    size = image_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    stored = known or platform.store_file(data, folder="photos", suffix="jpg")
    caption, entities = _formatted(params, "caption", most=_MOST_CAPTION)
    content: dict[str, object] = {"photo": [photo_size(stored.file_id, stored.unique_id, data, size)]}
    if caption:
        content |= {"caption": caption, **({"caption_entities": entities} if entities else {})}
    return platform.wire(_send(platform, params, content, photo=data))


def photo_size(file_id: str, unique_id: str, data: bytes, size: tuple[int, int]) -> dict[str, object]:
    """The PhotoSize object of a picture."""
    return {
        "file_id": file_id,
        "file_unique_id": unique_id,
        "file_size": len(data),
        "width": size[0],
        "height": size[1],
    }


def _location(params: Params) -> dict[str, object]:
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("invalid location specified")
    return {"latitude": latitude, "longitude": longitude}


def send_location(platform: Platform, params: Params) -> object:
    """Show a point, live for `live_period` seconds when that is given."""
    location = _location(params)
    period = params.integer("live_period")
    if period:
        if not (60 <= period <= 86_400 or period == 0x7FFFFFFF):
            raise bad_request("wrong live period specified")
        location["live_period"] = period
    message = _send(platform, params, {"location": location})
    if period:
        message.live_until = live_until(message.sent_at, period)
    return platform.wire(message)


def send_venue(platform: Platform, params: Params) -> object:
    """Show a point with the name and the address of a place."""
    location = _location(params)
    if not params.text("title").strip() or not params.text("address").strip():
        raise bad_request("venue title or address is empty")
    venue = {"location": location, "title": params.text("title"), "address": params.text("address")}
    return platform.wire(_send(platform, params, {"location": location, "venue": venue}))


def send_document(platform: Platform, params: Params) -> object:
    """Send a file, uploaded or already on the file server."""
    platform.addressee(params)
    known = platform.files.get(params.text("document"))
    data = known.data if known is not None else params.file("document")
    if data is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    stored = known or platform.store_file(data, folder="documents", suffix="bin")
    caption, entities = _formatted(params, "caption", most=_MOST_CAPTION)
    content: dict[str, object] = {
        "document": {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(data)}
    }
    if caption:
        content |= {"caption": caption, **({"caption_entities": entities} if entities else {})}
    return platform.wire(_send(platform, params, content))


def _editable(platform: Platform, params: Params) -> Message:
    account = platform.addressee(params)
    message = platform.chats[account.id].get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _change(platform: Platform, message: Message, content: dict[str, object], keyboard: Keyboard | None) -> object:
    before = message.inline()
    if content == message.content and (before and before.wire) == (keyboard and keyboard.wire):
        raise bad_request(UNCHANGED)
    message.content, message.keyboard = content, keyboard
    message.edited_at = platform.clock.now()
    platform.touch(message)
    return platform.wire(message)


def edit_message_text(platform: Platform, params: Params) -> object:
    """Replace the words and the buttons of an own text."""
    content = _text_content(params)
    message = _editable(platform, params)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(platform, message, content, _inline_keyboard(params))


def edit_message_caption(platform: Platform, params: Params) -> object:
    """Replace the words under an own picture."""
    message = _editable(platform, params)
    if "photo" not in message.content:
        raise bad_request("there is no caption in the message to edit")
    caption, entities = _formatted(params, "caption", most=_MOST_CAPTION)
    content: dict[str, object] = {"photo": message.content["photo"]}
    if caption:
        content |= {"caption": caption, **({"caption_entities": entities} if entities else {})}
    return _change(platform, message, content, _inline_keyboard(params))


def edit_message_reply_markup(platform: Platform, params: Params) -> object:
    """Replace only the buttons of an own message."""
    message = _editable(platform, params)
    return _change(platform, message, message.content, _inline_keyboard(params))


def _still_live(platform: Platform, params: Params) -> Message:
    message = _editable(platform, params)
    if message.live_until is None or message.live_until <= platform.clock.now():
        raise bad_request("message can't be edited")
    return message


def edit_live_location(platform: Platform, params: Params) -> object:
    """Move an own live location."""
    message = _still_live(platform, params)
    old = message.content["location"]
    moved = {**(old if isinstance(old, dict) else {}), **_location(params)}
    return _change(platform, message, {"location": moved}, _inline_keyboard(params))


def stop_live_location(platform: Platform, params: Params) -> object:
    """End an own live location."""
    message = _still_live(platform, params)
    message.live_until = platform.clock.now()
    message.keyboard = _inline_keyboard(params)
    message.edited_at = message.live_until
    platform.touch(message)
    return platform.wire(message)


def delete_message(platform: Platform, params: Params) -> object:
    """Remove a message not older than 48 hours."""
    account = platform.addressee(params)
    message = platform.chats[account.id].get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if platform.clock.now() - message.sent_at > _EDITABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del platform.chats[account.id][message.message_id]
    platform.bell.ring()
    return True


def send_chat_action(platform: Platform, params: Params) -> object:
    """Show that the bot is busy."""
    platform.addressee(params)
    if params.text("action") not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def _open_query(queries: Mapping[str, Press], query_id: str, *, now: float, lifetime: float) -> Press:
    query = queries.get(query_id)
    if query is None or query.answered_at is not None or now - query.pressed_at > lifetime:
        raise bad_request(TOO_OLD)
    return query


def answer_callback_query(platform: Platform, params: Params) -> object:
    """Stop the waiting sign of a pressed button, once and in time."""
    now = platform.clock.now()
    text = params.text("text")
    press = _open_query(platform.presses, params.text("callback_query_id"), now=now, lifetime=platform.press_lifetime)
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered_at, press.text, press.alert = now, text, params.flag("show_alert")
    platform.bell.ring()
    return True


def send_invoice(platform: Platform, params: Params) -> object:
    """Show a bill with a pay button; the total is the sum of the prices, in minor units."""
    required = ("title", "description", "payload", "currency")
    missing = next((name for name in required if not params.text(name).strip()), None)
    if missing is not None:
        raise bad_request(f"{missing} is empty" if missing != "title" else "product title is empty")
    if not params.text("provider_token") and params.text("currency") != "XTR":
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if len(params.text("payload").encode()) > 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    invoice: dict[str, object] = {
        "title": params.text("title"),
        "description": params.text("description"),
        "start_parameter": params.text("start_parameter"),
        "currency": params.text("currency"),
        "total_amount": _total(params.structure("prices")),
    }
    keyboard = _keyboard(params) or read_keyboard({"inline_keyboard": [[{"text": "Pay", "pay": True}]]})
    account = platform.addressee(params)
    message = platform.add_message(account, {"invoice": invoice}, from_bot=True, keyboard=keyboard)
    # The payload travels back with the payment but is never shown in the message.
    platform.checkouts[f"invoice:{message.message_id}"] = Press(
        "", account.id, message.message_id, params.text("payload"), message.sent_at
    )
    return platform.wire(message)


def _total(prices: object) -> int:
    if not isinstance(prices, list) or not prices:
        raise bad_request("there must be at least one price")
    try:
        total = sum(int(price["amount"]) for price in prices)
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse labeled price") from None
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return total


def answer_pre_checkout_query(platform: Platform, params: Params) -> object:
    """Let a payment through or stop it with a reason, within 10 seconds."""
    now = platform.clock.now()
    checkout = _open_query(platform.checkouts, params.text("pre_checkout_query_id"), now=now, lifetime=10.0)
    accepted = params.flag("ok")
    if not accepted and not params.text("error_message"):
        raise ApiError(400, "Bad Request: error message is empty")
    checkout.answered_at, checkout.accepted, checkout.text = now, accepted, params.text("error_message")
    platform.bell.ring()
    return True


MESSAGE_METHODS: Mapping[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageLiveLocation": edit_live_location,
    "stopMessageLiveLocation": stop_live_location,
    "deleteMessage": delete_message,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
    "sendInvoice": send_invoice,
    "answerPreCheckoutQuery": answer_pre_checkout_query,
}
