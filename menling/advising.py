"""The remote understanding as the dialogs ask it: our lists go out with the question, plain proposals come back."""

from dialogs.advising import Question
from gateways.understanding import Asked, Lists, Remote, build_understanding
from menling.config import Settings
from nlu.names import EntityKind
from nlu.proposals import NAMED_KINDS, PROPOSABLE, Proposals, ProposedEntity

_KINDS_TOLD = (
    EntityKind.SERVICE.value,
    EntityKind.OPTION.value,
    EntityKind.TECHNICIAN.value,
    EntityKind.REGION.value,
    EntityKind.WHEN.value,
    EntityKind.DURATION.value,
    EntityKind.QUANTITY.value,
    EntityKind.MONEY.value,
    EntityKind.SEX.value,
    EntityKind.PLACE_NAME.value,
)
"""What a model is asked to look for: what a booking is made of. Other kinds are taken where they come unasked."""


class RemoteAdviser:
    """Keeps the promises of `dialogs.advising.Adviser`."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    async def propose(self, question: Question, *, seconds: float) -> Proposals | None:
        """Return what the remote understanding says, unchecked; None when nothing came of it."""
        asked = Asked(question.text, question.lang, question.asked, question.services)
        heard = await self._remote.ask(asked, seconds=seconds)
        if heard is None:
            return None
        return Proposals(
            heard.intents, tuple(ProposedEntity(one.kind, one.text, one.called) for one in heard.stretches)
        )

    async def aclose(self) -> None:
        """Hang up."""
        await self._remote.aclose()


def adviser_of(settings: Settings) -> RemoteAdviser:
    """Return the adviser these settings name."""
    lists = Lists(tuple(sorted(PROPOSABLE)), _KINDS_TOLD, tuple(sorted(NAMED_KINDS)))
    return RemoteAdviser(
        build_understanding(
            settings.understanding,
            url=settings.understanding_url,
            key=settings.understanding_key.get_secret_value(),
            model=settings.understanding_model,
            lists=lists,
        )
    )
