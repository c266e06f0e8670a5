"""Portraits for the demo's technicians, drawn from a seed: nobody real, always the same, no two alike."""

from dataclasses import dataclass

from menling.demo.hair import FEMALE_STYLES, MALE_STYLES, draw_back_hair, draw_front_hair
from menling.demo.pen import Colour, Pen, Point, blend, darker, lighter, mirrored, pick
from menling.demo.pictures import draw_certificate, draw_room
from menling.demo.uniforms import draw_uniform

__all__ = ["draw_certificate", "draw_face", "draw_room"]

_BACKGROUNDS: tuple[Colour, ...] = (
    (214, 233, 231),
    (250, 226, 210),
    (222, 229, 246),
    (246, 221, 227),
    (233, 236, 208),
    (231, 223, 243),
    (252, 236, 201),
    (208, 230, 243),
)
_SKINS: tuple[Colour, ...] = ((252, 226, 204), (249, 216, 190), (244, 206, 176), (236, 194, 162), (226, 180, 146))
_HAIRS: tuple[Colour, ...] = ((38, 34, 40), (52, 42, 42), (74, 52, 44), (104, 68, 50))
_GREY: Colour = (168, 166, 168)
_INK: Colour = (52, 40, 44)
_LIPS: Colour = (196, 92, 92)
_JAWS: dict[str, tuple[Point, ...]] = {
    "round": ((256, 128), (318, 150), (346, 212), (340, 276), (306, 328), (256, 346)),
    "oval": ((256, 126), (312, 146), (338, 206), (332, 274), (305, 328), (256, 351)),
    "square": ((256, 128), (316, 148), (343, 208), (338, 284), (306, 338), (256, 353)),
}


@dataclass(frozen=True, slots=True)
class _Look:
    """What the seed decided about one face."""

    seed: str
    female: bool
    age: int
    skin: Colour
    hair: Colour
    style: str
    jaw: tuple[Point, ...]
    glasses: bool


def draw_face(seed: str, *, sex: str, trade: str, age: int = 30) -> bytes:
    """A 512 x 512 PNG portrait in the clothes of the trade (a category code); the same seed gives the same bytes."""
    if sex not in ("female", "male"):
        raise ValueError(f"{sex} is no sex a portrait knows")
    look = _look(seed, female=sex == "female", age=age)
    ground = pick(seed, "ground", _BACKGROUNDS)
    pen = Pen(ground)
    pen.oval(256, 268, 214, 214, lighter(ground, 0.45))
    draw_back_hair(pen, look.style, look.hair)
    _draw_neck(pen, look)
    draw_uniform(pen, trade, seed, look.skin)
    _draw_head(pen, look)
    _draw_features(pen, look)
    draw_front_hair(pen, look.style, look.hair)
    if look.glasses:
        _draw_glasses(pen, look)
    if look.female and pick(seed, "earrings", (True, True, False)):
        for x in (166, 346):
            pen.oval(x, 284, 6, 6, (240, 196, 96))
    return pen.png()


def _look(seed: str, *, female: bool, age: int) -> _Look:
    hair = pick(seed, "hair", _HAIRS if age < 40 else _HAIRS[:2])
    if age >= 50:
        hair = blend(hair, _GREY, 0.4)
    styles = [
        style.name for style in (FEMALE_STYLES if female else MALE_STYLES) if style.young_to >= age >= style.from_age
    ]
    jaw = pick(seed, "jaw", ("round", "oval", "oval") if female else ("round", "square", "square"))
    return _Look(
        seed=seed,
        female=female,
        age=age,
        skin=pick(seed, "skin", _SKINS[:4] if female else _SKINS[1:]),
        hair=hair,
        style=pick(seed, "style", styles),
        jaw=_JAWS[jaw],
        glasses=pick(seed, "glasses", (True, False, False, False)),
    )


def _draw_neck(pen: Pen, look: _Look) -> None:
    half = 34 if look.female else 42
    shade = darker(look.skin, 0.16)
    pen.box(256 - half, 310, 2 * half, 130, look.skin)
    # The chin throws a soft shadow on the neck.
    pen.blob([(256 - half, 318), (256 + half, 318), (256 + half, 352), (256, 380), (256 - half, 352)], shade)


def _draw_head(pen: Pen, look: _Look) -> None:
    for x in (170, 342):
        pen.oval(x, 250, 18, 27, look.skin)
        pen.oval(x, 252, 9, 15, darker(look.skin, 0.12))
    pen.blob(mirrored(look.jaw), look.skin)


def _draw_features(pen: Pen, look: _Look) -> None:
    blush = blend(look.skin, (238, 120, 110), 0.30 if look.female else 0.18)
    for x in (203, 309):
        pen.oval(x, 284, 20, 13, blush)
    _draw_eyes(pen, look)
    pen.line([(258, 262), (264, 280), (252, 284)], darker(look.skin, 0.26), 4)
    _draw_mouth(pen, look)
    if look.age >= 45:
        # Laugh lines: the face has seen some years, kindly.
        for side in (-1, 1):
            pen.line([(256 + side * 48, 286), (256 + side * 56, 304)], darker(look.skin, 0.20), 3)
            pen.line([(256 + side * 72, 244), (256 + side * 80, 238)], darker(look.skin, 0.20), 3)


def _draw_eyes(pen: Pen, look: _Look) -> None:
    brow = blend(look.hair, look.skin, 0.18)
    lift = pick(look.seed, "brow", (1, 3, 4))
    kind = pick(look.seed, "eyes", ("round", "round", "almond", "almond", "smiling"))
    for side in (-1, 1):
        x = 256 + side * 42
        thick = 6 if look.female else 9
        pen.line([(x - side * 19, 211), (x + side * 3, 207 - lift), (x + side * 22, 214)], brow, thick)
        if kind == "smiling":
            pen.line([(x - 16, 247), (x, 237), (x + 16, 247)], _INK, 6)
        else:
            pen.oval(x, 244, 9.5 if kind == "round" else 10.5, 12 if kind == "round" else 9.5, _INK)
            pen.oval(x + 3.5, 240, 3.4, 3.4, (255, 255, 255))
            pen.line([(x - 17, 241), (x, 231), (x + 17, 241)], _INK, 3.5)
        if look.female:
            outer = x + side * 17
            pen.line([(outer, 241), (outer + side * 7, 235)], _INK, 4)


def _draw_mouth(pen: Pen, look: _Look) -> None:
    lips = _LIPS if look.female else blend(look.skin, (150, 70, 66), 0.62)
    kind = pick(look.seed, "mouth", ("smile", "smile", "open", "side"))
    if kind == "open":
        pen.blob([(226, 304), (256, 310), (286, 304), (276, 324), (256, 331), (236, 324)], darker(lips, 0.35))
        pen.blob([(232, 306), (256, 311), (280, 306), (274, 315), (256, 318), (238, 315)], (255, 255, 255))
    elif kind == "side":
        pen.line([(232, 309), (256, 317), (284, 304)], lips, 6)
    else:
        pen.line([(228, 305), (256, 320), (284, 305)], lips, 6)
    if not look.female and look.age >= 50 and pick(look.seed, "beard", (True, False)):
        pen.line([(238, 296), (256, 292), (274, 296)], blend(look.hair, look.skin, 0.35), 7)


def _draw_glasses(pen: Pen, look: _Look) -> None:
    rim = pick(look.seed, "rim", ((58, 52, 60), (140, 92, 58), (96, 112, 140)))
    for x in (214, 298):
        pen.ring(x, 244, 31, rim, 5)
    pen.line([(244, 240), (256, 235), (268, 240)], rim, 5)
    pen.line([(184, 238), (170, 234)], rim, 5)
    pen.line([(328, 238), (342, 234)], rim, 5)
