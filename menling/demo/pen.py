"""A pen for flat pictures: shapes on a 512-point page, drawn larger and shrunk so that edges come out smooth."""

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageDraw

PAGE = 512
# Which cast the seeds draw: this one gives the demo's own technicians looks that differ most.
CAST = 2929
OVERSAMPLE = 3

Point = tuple[float, float]
Colour = tuple[int, int, int]

_T = TypeVar("_T")


def pick(seed: str, feature: str, choices: Sequence[_T]) -> _T:
    """One of the choices, always the same for the same seed and feature."""
    return choices[int.from_bytes(sha256(f"{CAST}/{seed}/{feature}".encode()).digest()[:4]) % len(choices)]


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """The first colour moved towards the other by a share from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.14) -> Colour:
    """A warm shade of a colour."""
    return blend(colour, (70, 30, 40), share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    """A tint of a colour."""
    return blend(colour, (255, 255, 255), share)


def mirrored(points: Sequence[Point]) -> list[Point]:
    """The right half of an outline, from top to bottom, completed by its mirror image on the left."""
    return [*points, *[(PAGE - x, y) for x, y in reversed(points) if x != PAGE / 2]]


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    spans = count if closed else count - 1
    curve: list[Point] = []
    for i in range(spans):
        around = [points[(i + k) % count if closed else min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2)]
        curve += [(_catmull(around, 0, n / steps), _catmull(around, 1, n / steps)) for n in range(steps)]
    return curve if closed else [*curve, points[-1]]


def _catmull(around: Sequence[Point], axis: int, t: float) -> float:
    a, b, c, d = (point[axis] for point in around)
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


class Pen:
    """Draws on one page; all places and widths are in points of the 512 page."""

    def __init__(self, background: Colour) -> None:
        self.image = Image.new("RGB", (PAGE * OVERSAMPLE, PAGE * OVERSAMPLE), background)
        self.draw = ImageDraw.Draw(self.image)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """An ellipse about its centre."""
        self.draw.ellipse(_scaled([(x - rx, y - ry), (x + rx, y + ry)]), fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, *, round_by: float = 0) -> None:
        """A rectangle from its top left corner."""
        corners = _scaled([(x, y), (x + width, y + height)])
        self.draw.rounded_rectangle(corners, radius=round_by * OVERSAMPLE, fill=fill)

    def frame(self, x: float, y: float, width: float, height: float, line: Colour, *, thick: float) -> None:
        """The outline of a rectangle."""
        self.draw.rectangle(_scaled([(x, y), (x + width, y + height)]), outline=line, width=round(thick * OVERSAMPLE))

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        """A polygon with sharp corners."""
        self.draw.polygon(_scaled(points), fill=fill)

    def blob(self, points: Sequence[Point], fill: Colour) -> None:
        """A closed shape with a soft outline through the points."""
        self.draw.polygon(_scaled(smooth(points)), fill=fill)

    def line(self, points: Sequence[Point], colour: Colour, thick: float, *, soft: bool = True) -> None:
        """A line with round ends, curved through the points or straight between them."""
        path = smooth(points, closed=False) if soft else list(points)
        self.draw.line(_scaled(path), fill=colour, width=round(thick * OVERSAMPLE), joint="curve")
        # Pillow leaves cracks where a thick line bends; a dot on each bend fills them.
        for x, y in path if thick > 8 else (path[0], path[-1]):
            self.oval(x, y, thick / 2, thick / 2, colour)

    def ring(self, x: float, y: float, radius: float, colour: Colour, thick: float) -> None:
        """A circle that is only a line."""
        corners = _scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self.draw.ellipse(corners, outline=colour, width=round(thick * OVERSAMPLE))

    def png(self) -> bytes:
        """The finished page, 512 by 512, as a PNG file."""
        out = BytesIO()
        self.image.resize((PAGE, PAGE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * OVERSAMPLE, y * OVERSAMPLE) for x, y in points]
