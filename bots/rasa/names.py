"""The names that a Rasa project and this door share; the exported project is written from them."""

from typing import Final

CHANNEL: Final = "rasa"
FORM: Final = "menling_form"
ACTION: Final = f"validate_{FORM}"
"""Rasa calls the action of this name for every message while the form is active."""
BACK_ACTION: Final = "action_back"
"""Rasa runs it for whatever is understood as its intent `back`, even while a form is active, and would unsay the last
two messages; ours leaves everything as it is, and the form is asked next."""

DONE_SLOT: Final = "menling_done"
"""What the form asks for and nobody ever fills: it keeps the form open until we end it."""
STATE_SLOT: Final = "menling_state"
TASK_SLOT: Final = "menling_task"
ORDER_SLOT: Final = "menling_order"
ORDER_STATE_SLOT: Final = "menling_order_state"

PRESS_INTENT: Final = "menling_press"
TOKEN_ENTITY: Final = "menling_token"  # noqa: S105  the name of an entity
NEWS_INTENT: Final = "menling_news"
MESSAGE_ENTITY: Final = "menling_message"
AWAY_RESPONSE: Final = "utter_menling_away"

SECRET_VARIABLE: Final = "RASA_ACTIONS_SECRET"  # noqa: S105  the name of a variable
"""The environment variable both sides read the shared secret from."""
