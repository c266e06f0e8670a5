"""Scalable pictures drawn by code: shapes in named inks, each ink for a light and for a dark page."""

from collections.abc import Iterable, Mapping
from html import escape

INKS: Mapping[str, tuple[str, str]] = {
    "card": ("fill:#ffffff;stroke:#d1d9e0", "fill:#0d1117;stroke:#3d444d"),
    "ink": ("fill:#1f2328", "fill:#f0f6fc"),
    "soft": ("fill:#59636e", "fill:#9198a1"),
    "line": ("stroke:#d1d9e0", "stroke:#2f363e"),
    "works": ("fill:#eaf2fb", "fill:#16233a"),
    "visit": ("fill:#2463ad", "fill:#79b0f2"),
    "on-visit": ("fill:#ffffff", "fill:#0b1a2e"),
    "buffer": ("fill:#a9c6ea", "fill:#34557f"),
    "hold": ("fill:#fff3e0;stroke:#b35900", "fill:#3a2a12;stroke:#f0a04b"),
    "on-hold": ("fill:#8a4500", "fill:#ffc680"),
    "hold-buffer": ("fill:#ffe0b0", "fill:#5c421c"),
    "leg": ("stroke:#6e7781", "stroke:#9198a1"),
    "leg-head": ("fill:#6e7781", "fill:#9198a1"),
    "cell": ("fill:#2463ad", "fill:#79b0f2"),
    "cell-held": ("fill:#d9822b", "fill:#f0a04b"),
    "no-cell": ("fill:none;stroke:#c4cdd6", "fill:none;stroke:#3d444d"),
    "free": ("fill:#1a7f37", "fill:#3fb950"),
    "fresh": ("fill:none;stroke:#1a7f37", "fill:none;stroke:#3fb950"),
    "way": ("fill:none;stroke:#b35900", "fill:none;stroke:#f0a04b"),
    "taken": ("stroke:#8c959f", "stroke:#6e7681"),
    "off": ("fill:#c4cdd6", "fill:#3d444d"),
    "on-free": ("fill:#ffffff", "fill:#06210d"),
    "second": ("fill:#8250df", "fill:#be8fff"),
    "on-second": ("fill:#ffffff", "fill:#1e0a3c"),
    "gone": ("fill:none;stroke:#8c959f", "fill:none;stroke:#6e7681"),
    "wish-way": ("stroke:#1a7f37", "stroke:#3fb950"),
    "changed": ("fill:#8250df", "fill:#be8fff"),
}
_TYPE = "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:12px}"
_SHAPES = (
    ".big{font-size:15px;font-weight:600}.bold{font-weight:600}.small{font-size:10.5px}"
    ".dashed{stroke-dasharray:4 3}.thick{stroke-width:1.6}.end{text-anchor:end}.mid{text-anchor:middle}"
)


class Picture:
    """One picture: things are drawn in order, later ones above."""

    def __init__(self, width: int, height: int, *, title: str, told: str) -> None:
        self._width, self._height, self._title, self._told = width, height, title, told
        self._drawn: list[str] = []
        self.box(0.5, 0.5, width - 1, height - 1, "card", round_by=8)

    def box(self, x: float, y: float, width: float, height: float, inks: str, *, round_by: float = 0) -> None:
        """Draw a rectangle."""
        corner = f' rx="{_n(round_by)}"' if round_by else ""
        size = f'width="{_n(width)}" height="{_n(height)}"'
        self._drawn.append(f'<rect x="{_n(x)}" y="{_n(y)}" {size}{corner} class="{inks}"/>')

    def dot(self, x: float, y: float, radius: float, inks: str) -> None:
        """Draw a circle."""
        self._drawn.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{inks}"/>')

    def line(self, x: float, y: float, to_x: float, to_y: float, inks: str) -> None:
        """Draw a straight line."""
        self._drawn.append(f'<line x1="{_n(x)}" y1="{_n(y)}" x2="{_n(to_x)}" y2="{_n(to_y)}" class="{inks}"/>')

    def shape(self, corners: Iterable[tuple[float, float]], inks: str) -> None:
        """Draw a closed shape with straight sides."""
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
        self._drawn.append(f'<polygon points="{points}" class="{inks}"/>')

    def words(self, x: float, y: float, text: str, inks: str) -> None:
        """Write words; `mid` or `end` among the inks says what x is of them."""
        self._drawn.append(f'<text x="{_n(x)}" y="{_n(y)}" class="{inks}">{escape(text)}</text>')

    def svg(self) -> str:
        """Return the whole picture as a file's text."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width} {self._height}" '
            f'width="{self._width}" height="{self._height}" role="img" aria-labelledby="title told">'
        )
        said = [f'<title id="title">{escape(self._title)}</title>', f'<desc id="told">{escape(self._told)}</desc>']
        return "\n".join([head, *said, _style(), *self._drawn, "</svg>", ""])


def _style() -> str:
    light = "".join(f".{name}{{{inks[0]}}}" for name, inks in INKS.items())
    dark = "".join(f".{name}{{{inks[1]}}}" for name, inks in INKS.items())
    return f"<style>{_TYPE}{_SHAPES}{light}@media(prefers-color-scheme:dark){{{dark}}}</style>"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
