"""What the action server reads and writes holds on every database."""

import socket

import httpx
import pytest

from bots.rasa import RasaParams, open_actions
from dialogs.reception import Reception
from tests.dialogs.chat import a_world, make_city
from tests.dialogs.words import WORDS
from tests.rasa.assistant import SECRET, Assistant
from tests.rasa.conftest import StandingClock

pytestmark = pytest.mark.anyio


async def test_a_visit_is_booked_by_two_who_share_a_name_but_for_a_space(database_url: str) -> None:
    """MariaDB alone would take "lin" and "lin " for one."""
    world = a_world(make_city(database_url))
    server = open_actions(RasaParams(SECRET), Reception(world.db, world.house, StandingClock()))
    door = socket.create_server(("127.0.0.1", 0))
    await server.start(door)
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {SECRET}"}, timeout=20) as client:
            lin, other = Assistant(client, "lin"), Assistant(client, "lin ")
            await other.says(WORDS["en"]["book"])
            for name in ("book", "option", "address", "who", "phone", "yes"):
                await lin.says(WORDS["zh-Hans"][name])
            await lin.again()
            await other.says(WORDS["en"]["option"])

        assert lin.slots["menling_order_state"] == "to_pay"
        assert (lin.active, other.active) == (False, True)
        assert other.slots["menling_order"] is None
        world.settled()
    finally:
        await server.stop()
        world.db.close()
