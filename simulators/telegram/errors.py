"""Refusals of the Bot API, worded as Telegram words them."""

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class ApiError(Exception):
    """A call the Bot API refuses; `code` is also the HTTP status."""

    def __init__(
        self, code: int, description: str, *, retry_after: int | None = None, migrated_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrated_to = migrated_to

    def body(self) -> dict[str, object]:
        """The JSON body of the refusal."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        if self.migrated_to is not None:
            body["parameters"] = {"migrate_to_chat_id": self.migrated_to}
        return body


def bad_request(why: str) -> ApiError:
    """A 400 with Telegram's usual prefix."""
    return ApiError(400, f"Bad Request: {why}")


def too_many_requests(retry_after: int) -> ApiError:
    """A 429 that names the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def blocked() -> ApiError:
    """The 403 of a person who has blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def deactivated() -> ApiError:
    """The 403 of a person whose account is gone."""
    return ApiError(403, "Forbidden: user is deactivated")


def migrated(to: int) -> ApiError:
    """The 400 of a group that has become a supergroup, with its new id."""
    return ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrated_to=to)
