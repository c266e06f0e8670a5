"""How sure the understanding must be of what somebody wants before the conversation acts on it: one ladder for all."""

GUESS = 0.45
"""Below this an intent says nothing."""
LET_GO = 0.7
"""From here words drop what runs: a bare "算了" means it, and beginning again costs little."""
SURE = 0.75
"""From here an intent may start something or interrupt; below it words with something strange in them are talk."""
CERTAIN = 0.9
"""From here it may interrupt a question that takes words as they are (a name, a door)."""

MISSES_TO_OFFER = 3
"""So often not understood at one question, a person of the house is offered."""
MISSES_TO_HUMAN = 5
"""So often, one takes over (conversation behaviour 41)."""
