"""What a message's words offer agrees with what the core keeps it as."""

from core.messages.templates import CARDS
from dialogs.cards.words import templates_with_buttons


def test_every_message_with_buttons_is_kept_as_a_card() -> None:
    assert templates_with_buttons() == CARDS
