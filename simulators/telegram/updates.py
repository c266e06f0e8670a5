"""Updates on their way to the bot: kept in order, posted to its webhook or fetched by it."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from simulators.bell import Bell
from simulators.client import http_client
from simulators.clock import Clock
from simulators.telegram.errors import ApiError

DEFAULT_KINDS = ("message", "edited_message", "callback_query", "pre_checkout_query", "my_chat_member")
_KEPT_SECONDS = 24 * 3600
_FIRST_UPDATE_ID = 100_000_001
_SLOWEST_RETRY = 5.0
_REMEMBERED = 10_000

ReplyHandler = Callable[[httpx.Response], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Update:
    """One update; `body` is the wire object."""

    update_id: int
    chat_id: int
    made_at: float
    body: dict[str, object]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str
    max_connections: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try to post an update; `status` is None when nothing came back."""

    update_id: int
    at: float
    status: int | None


class UpdateFeed:
    """Holds updates until the bot has taken them; in order within a chat."""

    def __init__(
        self,
        clock: Clock,
        bell: Bell,
        *,
        first_retry: float,
        webhook_timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._transport = transport
        self._bell = bell
        self._first_retry = first_retry
        self._timeout = webhook_timeout
        self._client: httpx.AsyncClient | None = None
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._queues: dict[int, deque[int]] = {}
        self._slots = asyncio.Semaphore(40)
        self._pollers = 0
        self._closed = False
        self._next_id = _FIRST_UPDATE_ID
        self.pending: dict[int, Update] = {}
        self.history: dict[int, Update] = {}
        self.deliveries: list[Delivery] = []
        self.allowed: tuple[str, ...] = DEFAULT_KINDS
        self.webhook: Webhook | None = None
        self.last_error: tuple[int, str] | None = None
        self.on_reply: ReplyHandler | None = None

    def push(self, kind: str, chat_id: int, payload: dict[str, object]) -> int | None:
        """Queue an update; None when the bot does not want this kind."""
        if kind not in self.allowed:
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        self.history[update_id] = Update(update_id, chat_id, self._clock.now(), {"update_id": update_id, kind: payload})
        self.history.pop(update_id - _REMEMBERED, None)
        self._enqueue(self.history[update_id])
        return update_id

    def push_again(self, update: Update) -> None:
        """Queue an update that was delivered before, as Telegram does when it missed the answer."""
        self._enqueue(update)

    def _enqueue(self, update: Update) -> None:
        self.pending[update.update_id] = update
        self._queues.setdefault(update.chat_id, deque()).append(update.update_id)
        self._bell.ring()
        self._work(update.chat_id)

    def set_webhook(self, webhook: Webhook | None, *, drop_pending: bool) -> None:
        """Change where updates go; what is pending goes the new way unless dropped."""
        if drop_pending:
            self.pending.clear()
            self._queues.clear()
        self._cancel_workers()
        self.webhook, self.last_error = webhook, None
        if webhook is not None:
            self._slots = asyncio.Semaphore(webhook.max_connections)
            self.open()

    def open(self) -> None:
        """Start posting, or go on where `close` interrupted it."""
        self._closed = False
        for chat_id in list(self._queues):
            self._work(chat_id)

    async def close(self) -> None:
        """Stop posting and let go who waits for updates; what is pending stays."""
        self._closed = True
        self._bell.ring()
        await asyncio.gather(*self._cancel_workers(), return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[dict[str, object]]:  # noqa: ASYNC109 - the Bot API's own word
        """The getUpdates call: forget what is below `offset`, then wait up to `timeout` seconds for news."""
        if self.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        if self._pollers:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        self._pollers += 1
        self._bell.ring()
        try:
            self._forget(offset)
            found = await self._bell.wait_for(self._news, timeout=timeout)
        finally:
            self._pollers -= 1
        return [update.body for update in (found or [])[: limit or 100]]

    def _cancel_workers(self) -> list[asyncio.Task[None]]:
        workers = list(self._workers.values())
        self._workers.clear()
        for worker in workers:
            worker.cancel()
        return workers

    def _forget(self, offset: int) -> None:
        oldest = self._clock.now() - _KEPT_SECONDS
        if offset < 0:
            kept = list(self.pending)[offset:]
            offset = kept[0] if kept else 0
        self.pending = {i: one for i, one in self.pending.items() if i >= offset and one.made_at >= oldest}

    def _news(self) -> list[Update] | None:
        return list(self.pending.values()) or ([] if self._closed else None)

    def _work(self, chat_id: int) -> None:
        worker = self._workers.get(chat_id)
        if self.webhook is not None and not self._closed and (worker is None or worker.done()):
            self._workers[chat_id] = asyncio.get_running_loop().create_task(self._deliver(chat_id, self.webhook))

    async def _deliver(self, chat_id: int, webhook: Webhook) -> None:
        queue = self._queues[chat_id]
        delay = self._first_retry
        while queue:
            update = self.pending.get(queue[0])
            if update is not None and not await self._post(webhook, update):
                await asyncio.sleep(delay)
                delay = min(delay * 2, _SLOWEST_RETRY)
                continue
            delay = self._first_retry
            self.pending.pop(queue.popleft(), None)
            self._bell.ring()

    async def _post(self, webhook: Webhook, update: Update) -> bool:
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        if self._client is None:
            self._client = http_client(timeout=self._timeout, transport=self._transport)
        response: httpx.Response | None = None
        trouble = ""
        async with self._slots:
            try:
                response = await self._client.post(webhook.url, content=json.dumps(update.body), headers=headers)
            except httpx.TimeoutException:
                trouble = "Read timeout expired"
            except httpx.HTTPError as error:
                trouble = "Connection refused" if isinstance(error, httpx.ConnectError) else "Connection reset by peer"
        status = None if response is None else response.status_code
        self.deliveries.append(Delivery(update.update_id, self._clock.now(), status))
        if response is None or not response.is_success:
            why = trouble or f"Wrong response from the webhook: {status} {response.reason_phrase if response else ''}"
            self.last_error = (int(self._clock.now()), why.strip())
            return False
        if self.on_reply is not None and response.content:
            await self.on_reply(response)
        return True
