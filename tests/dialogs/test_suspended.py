"""Who is suspended is sold no more visits; the one sold before is done to its end."""

from core import technicians
from tests.dialogs.chat import World

OPERATOR = 7


def suspended(world: World, technician_id: int) -> None:
    world.run(lambda tx: technicians.suspend(tx, technician_id, operator_id=OPERATOR, now=world.now))


def test_a_visit_sold_before_a_suspension_can_still_be_set_out_for(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    wang.presses("接单")
    suspended(world, wang.working.id)

    world.at(chat.order.starts_at)
    wang.presses("出发")

    assert chat.order.state == "departed"
    world.settled()


def test_who_was_suspended_since_being_asked_takes_no_order(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    suspended(world, wang.working.id)

    wang.presses("接单")

    assert chat.order.state == "to_accept"
    world.settled()
