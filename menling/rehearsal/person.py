"""A person of a rehearsal: says, presses, sends, pays, and reads what comes back."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from menling.rehearsal.hands import Choice, Hands, a_picture, pick
from menling.rehearsal.shapes import Link, NotPossible, OrderSeen, Reply, Spoken

if TYPE_CHECKING:
    from menling.rehearsal.world import World


class Person:
    """Somebody with a phone. Every act returns when all that follows from it has happened and been delivered."""

    def __init__(self, world: "World", name: str, hands: Hands) -> None:
        self.world = world
        self.name = name
        self.hands = hands
        self.person_id = 0
        self._replies: list[Reply] = []
        self._links: list[Link] = []
        self._pictures = 0

    # what this person does

    def say(self, text: str) -> None:
        """Type words."""
        self.world.act(self, text, self.hands.say(text))

    def press(self, label: str | int, *, ago: int = 0) -> None:
        """Press the newest button whose label is, or holds, these words; `ago` such messages are passed over."""
        choice = pick(str(label), self.hands.shown, ago=ago, transcript=self.transcript)
        self.take(choice)

    def take(self, choice: Choice) -> None:
        """Press exactly this button, of a message of one's own or, as a forger would, of somebody else's."""
        self.world.act(self, f"[{choice.label}]", self.hands.take(choice))

    def photo(self) -> None:
        """Send a picture."""
        self._pictures += 1
        self.world.act(self, "(photo)", self.hands.photo(a_picture(self._pictures)))

    def location(self, lat: float, lng: float) -> None:
        """Send a pin, WGS-84 degrees."""
        self.world.act(self, f"({lat:.4f}, {lng:.4f})", self.hands.location(lat, lng))

    def contact(self, phone: str, *, own: bool = True) -> None:
        """Share a phone number by the platform's own way, or type it."""
        self.world.act(self, phone, self.hands.contact(phone, own=own))

    def redeliver(self) -> None:
        """Let the platform deliver this person's last update once more, under the same id."""
        self.world.act(self, "(delivered again)", self.hands.again())

    def pay(self, link: Link | str | None = None, *, manner: str = "normal", times: int = 1) -> None:
        """Open a link to pay, the newest unless told which, and pay in one of the sandbox's manners.

        In the manner `late` the provider's notice comes when time has passed. NotPossible without a link.
        """
        found = link.url if isinstance(link, Link) else link or self._pay_link()
        self.begins(f"(pays {manner})" if manner != "normal" else "(pays)")
        if manner == "late":
            self.world.hold_back_notices()
        for _ in range(times):
            status = self.world.browse(found)
            if status != 200:
                raise NotPossible(f"the pay page answered {status}")
            self.world.browse(found, form={"manner": manner})
        self.world.settle(self)

    # what this person sees

    @property
    def replies(self) -> list[Reply]:
        """What has come since this person's last act, or since time last passed."""
        return list(self._replies)

    @property
    def text(self) -> str:
        """All of it as one text, labels included."""
        return "\n".join(reply.shown for reply in self._replies)

    @property
    def buttons(self) -> tuple[str, ...]:
        """All labels in it."""
        return tuple(label for reply in self._replies for label in reply.buttons)

    @property
    def transcript(self) -> str:
        """Everything both sides have said."""
        return "\n".join(line.lines() for line in self.world.transcript if line.person == self.name)

    @property
    def orders(self) -> tuple[OrderSeen, ...]:
        """Return this person's orders, oldest first."""
        return tuple(order for order in self.world.orders() if order.person_id == self.person_id)

    # for the world

    def begins(self, words: str) -> None:
        """Note that this person acts."""
        self._replies = []
        self.world.transcript.append(Spoken(self.name, mine=True, reply=Reply(words)))

    def forget(self) -> None:
        """Begin to listen afresh."""
        self._replies = []

    def hears(self, reply: Reply) -> None:
        """Take in one message."""
        self._replies.append(reply)
        self._links += reply.links

    def _pay_link(self) -> str:
        for link in reversed(self._links):
            if urlsplit(link.url).path.startswith("/pay/"):
                return link.url
        raise NotPossible(f"{self.name} has no link to pay")
