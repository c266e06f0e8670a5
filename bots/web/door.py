"""The door itself: the page, its endpoints, and the sending side."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from fastapi import APIRouter

from bots.web import acts, reading, signing_in
from bots.web.bells import Bells
from bots.web.buckets import unhurried
from bots.web.demo import DemoControl
from bots.web.desk import Desk, Endpoint, Reception, WebParams, spoken
from bots.web.page import asset, move_clock, nothing, page, sit_down, take_seats
from bots.web.seats import CHANNEL, CookieJar
from core.clock import Clock
from core.db import Database
from dialogs.outgoing import Delivery, Outgoing, Sent, Trouble


class WebDoor:
    """The sending side. What is said here is read from the message centre: a message is delivered by being stored."""

    channel = CHANNEL
    pace = None

    def __init__(self) -> None:
        self.bells = Bells()

    async def deliver(self, message: Outgoing) -> Delivery:
        """Hand over one message: it is in the centre already, and open pages are rung when it is noted as sent."""
        return Sent()

    async def fetch(self, account: str, ref: str) -> bytes:
        """Refuse: the page's photos arrive whole, so there is never one to fetch."""
        raise OSError("the page holds no pictures")

    def troubles(self) -> Mapping[str, Trouble]:
        """Tell of none: no platform stands between the page and us."""
        return {}

    def close(self) -> None:
        """Let every open page go, so that the server can stop; they come back to the next process by themselves."""
        self.bells.close()


def routes(
    params: WebParams,
    *,
    door: WebDoor,
    reception: Reception,
    db: Database,
    clock: Clock,
    demo: DemoControl | None,
) -> APIRouter:
    """Return the page and its endpoints; those of a demo exist only when its control is given."""
    jar = CookieJar(params.secret, production=params.production)
    desk = Desk(params, reception, db, clock, door.bells, jar, demo)
    if not params.paced:
        desk = replace(desk, acts=unhurried(), looks=unhurried())
    reception.on_delivery(door.bells.wake)
    router = APIRouter()

    def get(path: str, endpoint: Endpoint) -> None:
        router.add_route(path, endpoint, methods=["GET"], include_in_schema=False)

    def post(path: str, endpoint: Endpoint) -> None:
        router.add_route(path, endpoint, methods=["POST"], include_in_schema=False)

    on = partial(spoken, desk=desk)
    get("/", on(page))
    get("/web/static/{name}", on(asset))
    get("/web/start", on(take_seats))
    get("/files/{file_id}", on(reading.picture))
    get("/web/{seat}/lines", on(reading.lines))
    get("/web/{seat}/stream", on(reading.stream))
    for verb in (acts.say, acts.press, acts.photo, acts.location, acts.start, acts.lang):
        post(f"/web/{{seat}}/{verb.__name__}", on(verb))
    if demo is None:
        post("/web/sign-in/code", on(signing_in.send_code))
        post("/web/sign-in", on(signing_in.sign_in))
        post("/web/sign-out", on(signing_in.sign_out))
    else:
        post("/web/technician/seat", on(sit_down))
        post("/demo/clock", on(move_clock))
    router.add_route("/web/{rest:path}", on(nothing), methods=["GET", "POST"], include_in_schema=False)
    return router
