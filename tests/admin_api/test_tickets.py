"""The operator's side of a chat: the queue, the thread, taking it, answering, giving it back, closing."""

from datetime import timedelta
from typing import Any

from core import conversations, files, people, support
from core.db import Tx
from core.messages.outbox import claim
from core.support import Author, Said, TicketKind
from tests.admin_api.conftest import Office, code_of
from tests.builders import NOW, a_customer

ZONE = "Asia/Shanghai"


def called(office: Office, kind: str = "human", said: str = "我家有狗，介意吗") -> tuple[int, str]:
    """Somebody waits in the chat for a human; returns person and ticket."""

    def hands_over(tx: Tx) -> tuple[int, int]:
        person_id = a_customer(tx).id
        waiting = support.hand_over(
            tx,
            person_id,
            kind=TicketKind(kind),
            summary="正在办「预约」",
            said=(Said(Author.PERSON, said, None, NOW),),
            order_id=None,
            zone=ZONE,
            now=NOW,
        )
        return person_id, waiting.ticket_id

    person_id, ticket_id = office.db.run(hands_over)
    return person_id, str(ticket_id)


def reported(office: Office, kind: str = "complaint", words: str = "想换个时间") -> str:
    """Somebody complained on a card, and nobody waits in the chat."""

    def opened(tx: Tx) -> int:
        return support.open_ticket(tx, a_customer(tx).id, kind=kind, summary=words, order_id=None, now=NOW)

    return str(office.db.run(opened))


def told(office: Office) -> list[tuple[int, str]]:
    return [(due.person_id, due.template) for due in office.db.run(lambda tx: claim(tx, now=NOW, real_now=NOW, most=9))]


def listed(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.get("/tickets").json()["items"]
    return found


def test_tickets_are_listed_by_urgency_answered_and_closed(office: Office) -> None:
    human, emergency = reported(office, "human"), reported(office, "emergency", "技师还没走，我害怕")

    found = office.get("/tickets", by="audrey").json()["items"]
    assert [one["id"] for one in found] == [emergency, human]
    assert (found[1]["summary"], found[1]["waiting_seconds"]) == ("想换个时间", None)
    assert [one["id"] for one in office.get(f"/tickets?cursor={emergency}").json()["items"]] == [human]

    answered = office.post(f"/tickets/{human}/reply", by="audrey", json={"words": "周日三点可以。"}).json()
    assert (answered["state"], answered["answer"]) == ("answered", "周日三点可以。")
    assert told(office) == [(int(answered["person_id"]), "ticket_answered")]

    assert office.post(f"/tickets/{human}/close").json()["state"] == "closed"
    assert office.post(f"/tickets/{human}/close").status_code == 409
    assert office.post(f"/tickets/{human}/reply", json={"words": "too late"}).status_code == 409
    assert [one["id"] for one in listed(office)] == [emergency]
    lines = office.get(f"/audit?subject=ticket:{human}").json()["items"]
    assert [line["action"] for line in lines] == ["ticket.closed", "ticket.answered"]


def test_the_queue_shows_how_long_somebody_waits_and_who_has_them(office: Office) -> None:
    _, ticket_id = called(office)
    office.clock.at = NOW + timedelta(seconds=90)

    (waiting,) = listed(office)
    assert (waiting["state"], waiting["waiting_seconds"], waiting["owner"]) == ("open", 90, None)

    office.post(f"/tickets/{ticket_id}/take", by="audrey")
    (taken,) = listed(office)
    assert (taken["state"], taken["waiting_seconds"], taken["owner"]) == ("taken", 0, "audrey")

    office.post(f"/tickets/{ticket_id}/reply", by="audrey", json={"words": "不介意"})
    assert listed(office)[0]["waiting_seconds"] is None


def test_an_operator_reads_the_thread_talks_and_gives_the_person_back(office: Office) -> None:
    person_id, ticket_id = called(office)

    read = office.get(f"/tickets/{ticket_id}", by="audrey").json()
    assert (read["summary"], [line["text"] for line in read["lines"]]) == ("正在办「预约」", ["我家有狗，介意吗"])

    taken = office.post(f"/tickets/{ticket_id}/take", by="audrey").json()
    assert [line["event"] for line in taken["lines"]] == [None, "taken"]
    replied = office.post(f"/tickets/{ticket_id}/reply", by="audrey", json={"words": "不介意，放心约"}).json()
    last = replied["lines"][-1]
    assert (last["author"], last["text"], last["operator_id"]) == ("operator", "不介意，放心约", taken["taken_by"])

    given = office.post(f"/tickets/{ticket_id}/give-back", by="audrey").json()
    assert (given["state"], given["owner"]) == ("answered", None)
    assert told(office) == [(person_id, name) for name in ("human_here", "ticket_answered", "handed_back")]
    assert office.db.read(lambda tx: conversations.owner_of(tx, person_id)) is None
    actions = [line["action"] for line in office.get(f"/audit?subject=ticket:{ticket_id}").json()["items"]]
    assert actions == ["ticket.given_back", "ticket.answered", "ticket.taken"]


def test_what_another_has_taken_is_not_yours(office: Office) -> None:
    _, ticket_id = called(office)
    office.post(f"/tickets/{ticket_id}/take", by="audrey")

    for act, body in (("take", None), ("reply", {"words": "好"}), ("give-back", None), ("close", None)):
        refused = office.post(f"/tickets/{ticket_id}/{act}", by="lin", json=body)
        assert (refused.status_code, code_of(refused)) == (409, "state_conflict"), act

    assert office.post(f"/tickets/{ticket_id}/take", by="audrey").status_code == 200


def test_a_picture_somebody_sent_to_the_human_can_be_looked_at(office: Office) -> None:
    person_id, ticket_id = called(office)

    def sends(tx: Tx) -> int:
        file_id = files.expect(tx, person_id, purpose="sent", now=NOW)
        support.heard(tx, int(ticket_id), key=people.key_of(tx, person_id), text="", file_id=file_id, now=NOW)
        return file_id

    file_id = office.db.run(sends)

    line = office.get(f"/tickets/{ticket_id}").json()["lines"][-1]
    assert line["picture"]["file_id"] == str(file_id)
    assert line["picture"]["link"].endswith(f"/files/{file_id}")


def test_words_to_a_person_are_words(office: Office) -> None:
    _, ticket_id = called(office)

    for words in ("", " ", "长" * 2001, "a\u202eb\x00"):
        assert office.post(f"/tickets/{ticket_id}/reply", json={"words": words}).status_code == 422
    assert office.post("/tickets/1/take").status_code == 404
    assert office.get("/tickets/1").status_code == 404


def test_an_erased_persons_ticket_is_listed_without_words_and_can_be_closed(office: Office) -> None:
    person_id, ticket_id = called(office)
    office.db.run(lambda tx: people.erase(tx, person_id, NOW))

    read = office.get(f"/tickets/{ticket_id}").json()

    assert (read["summary"], read["lines"]) == ("", [])
    assert office.post(f"/tickets/{ticket_id}/take").status_code == 410
    assert office.post(f"/tickets/{ticket_id}/close").json()["state"] == "closed"
