"""The XML that WeChat and an account exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET


@dataclass(frozen=True, slots=True)
class Raw:
    """XML that is already written, such as nested lists."""

    xml: str


Value = str | int | float | Raw


def render(fields: Mapping[str, Value]) -> str:
    """An <xml> document: strings as CDATA, numbers bare, as the platform writes them."""
    return "<xml>" + elements(fields) + "</xml>"


def elements(fields: Mapping[str, Value]) -> str:
    """The fields without their root."""
    return "\n".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: Value) -> str:
    if isinstance(value, Raw):
        return value.xml
    if isinstance(value, str):
        # A CDATA section ends at the first ]]>, so one inside the text is split over two sections.
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return str(value)


def parse(document: str) -> ET.Element:
    """The root of an account's answer; ValueError when it is no XML."""
    try:
        root = ET.fromstring(document)  # noqa: S314 - the account under test writes it
    except ET.ParseError as error:
        raise ValueError("the answer is no XML") from error
    if root.tag != "xml":
        raise ValueError("the answer's root is not <xml>")
    return root


def field(root: ET.Element, path: str) -> str:
    """The text of a field; ValueError when it is missing."""
    found = root.findtext(path)
    if found is None:
        raise ValueError(f"the answer lacks {path}")
    return found
