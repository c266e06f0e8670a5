"""Putting the remote understanding together from settings."""

from gateways.understanding.openai import OpenAi
from gateways.understanding.ports import Lists, Understands
from gateways.understanding.rasa import Rasa
from gateways.understanding.remote import Remote


def build_understanding(kind: str, *, url: str, key: str, model: str, lists: Lists) -> Remote:
    """Return the remote understanding of this kind, `rasa` or `openai`; ValueError for any other."""
    server: Understands
    match kind:
        case "rasa":
            server = Rasa(url, key)
        case "openai":
            server = OpenAi(url, key, model, lists)
        case _:
            raise ValueError(f"no remote understanding {kind}: there are rasa and openai")
    return Remote(server)
