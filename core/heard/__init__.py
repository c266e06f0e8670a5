"""Learning from use: words that were not understood are kept sealed for a while, and leave only masked."""

from core.heard.keeping import LONGEST, Heard, How, forget_old, keep, kept

__all__ = ["LONGEST", "Heard", "How", "forget_old", "keep", "kept"]
