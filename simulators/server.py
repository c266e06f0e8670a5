"""A local HTTP server inside the running event loop, able to drop a connection rudely."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulators.faults import Fault, FaultKind

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 1.0
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class LocalServer:
    """Serves one app on the loopback; `url` is known after `start`."""

    def __init__(self, app: ASGIApp) -> None:
        self._config = uvicorn.Config(
            app, log_level="critical", lifespan="off", access_log=False, ws="none", http="httptools"
        )
        self._server = uvicorn.Server(self._config)
        self._socket: socket.socket | None = None
        self.stopping = asyncio.Event()
        self.url = ""

    async def start(self, port: int = 0, *, host: str = LOOPBACK) -> None:
        """Listen on `port`, or on a free one when it is 0; OSError when it is taken."""
        # uvicorn's own loop takes the process's signals and polls; only its two ends are wanted here.
        self._config.load()
        self._server.lifespan = self._config.lifespan_class(self._config)
        self._socket = _listen(host, port)
        await self._server.startup(sockets=[self._socket])
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"

    async def stop(self) -> None:
        """Answer nobody any more and give the port back."""
        if self._socket is None:
            return
        self.stopping.set()
        for server in self._server.servers:
            server.close()
        self._socket.close()
        self._socket = None
        await self._close_connections()

    async def _close_connections(self) -> None:
        state = self._server.server_state
        for connection in list(state.connections):
            connection.shutdown()
        give_up_at = time.monotonic() + _GRACE_SECONDS
        # uvicorn tells nobody when its last connection is gone.
        while state.connections and time.monotonic() < give_up_at:  # noqa: ASYNC110 - nothing else to wait for
            await asyncio.sleep(0.005)
        for connection in list(state.connections):
            if isinstance(connection, HttpToolsProtocol):
                connection.transport.abort()

    def reset_connection(self, request: Request) -> None:
        """Cut the line of this request with a TCP reset, as a failing middlebox would."""
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, HttpToolsProtocol) and connection.client == request.scope["client"]:
                transport = connection.transport
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                transport.abort()

    async def hold(self, request: Request, seconds: float) -> None:
        """Wait `seconds`, less when the caller hangs up or the server stops."""
        hung_up = asyncio.create_task(_hung_up(request))
        stopped = asyncio.create_task(self.stopping.wait())
        await asyncio.wait((hung_up, stopped), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in (hung_up, stopped):
            task.cancel()

    async def misbehave(
        self, request: Request, fault: Fault, proceed: Callable[[], Awaitable[Response]]
    ) -> Response | None:
        """Play the faults both platforms share; None when the fault is an answer of the platform's own."""
        if fault.kind is FaultKind.SLOW:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(fault.seconds):
                    await self.stopping.wait()
            return await proceed()
        if fault.kind is FaultKind.RESET:
            return await self._cut(request)
        if fault.kind is FaultKind.SUCCESS_THEN_TIMEOUT:
            await proceed()
            await self.hold(request, fault.seconds)
            return await self._cut(request)
        return None

    async def _cut(self, request: Request) -> Response:
        self.reset_connection(request)
        # The transport closes in the next turn of the loop; only then may the handler end without an answer.
        await asyncio.sleep(0.01)
        return Response(status_code=502)


def _listen(host: str, port: int) -> socket.socket:
    # asyncio switches Nagle's delay of 40 ms off only where the protocol is named, which create_server() leaves out.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    return listening


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
