"""A remote understanding, where one is configured: a Rasa server or an OpenAI-compatible model behind one port."""

from gateways.understanding.building import build_understanding
from gateways.understanding.ports import Asked, Heard, Lists, Stretch, Understands
from gateways.understanding.remote import Remote

__all__ = ["Asked", "Heard", "Lists", "Remote", "Stretch", "Understands", "build_understanding"]
