"""Working clothes for the portraits, one cut for each trade."""

from collections.abc import Callable

from menling.demo.pen import Colour, Pen, Point, blend, darker, lighter, mirrored, pick

_SHOULDERS: tuple[Point, ...] = ((256, 392), (300, 388), (372, 412), (424, 452), (440, 540), (256, 560))
_PALETTES: dict[str, tuple[Colour, ...]] = {
    "massage": ((96, 148, 138), (148, 128, 176), (236, 232, 222), (112, 140, 178)),
    "beauty": ((222, 138, 156), (70, 66, 82), (176, 148, 196), (240, 196, 176)),
    "housekeeping": ((122, 176, 138), (240, 190, 96), (120, 174, 210), (224, 140, 112)),
    "repair": ((62, 86, 124), (96, 104, 112), (226, 136, 72), (72, 116, 116)),
}
_WHITE: Colour = (252, 250, 246)


def draw_uniform(pen: Pen, trade: str, seed: str, skin: Colour) -> None:
    """Shoulders in the clothes of a trade; raises ValueError for a trade nobody works in."""
    if trade not in _CUTS:
        raise ValueError(f"{trade} is no trade with clothes of its own")
    _CUTS[trade](pen, pick(seed, "cloth", _PALETTES[trade]), skin)


def _tunic(pen: Pen, cloth: Colour, skin: Colour) -> None:
    """A jacket with a standing collar and knotted buttons, as therapists wear it."""
    trim = darker(cloth, 0.3)
    pen.blob(mirrored(_SHOULDERS), cloth)
    pen.shape([(226, 384), (286, 384), (256, 424)], skin)
    pen.line([(212, 382), (226, 404), (256, 430)], trim, 15)
    pen.line([(300, 382), (286, 404), (256, 430)], trim, 15)
    pen.line([(256, 430), (300, 470), (306, 520)], trim, 5)
    for x, y in ((274, 445), (299, 474)):
        pen.line([(x - 13, y + 5), (x + 13, y - 5)], trim, 6)
        pen.oval(x, y, 6, 6, lighter(cloth, 0.55))


def _smock(pen: Pen, cloth: Colour, skin: Colour) -> None:
    """A crossed smock with an open neck."""
    trim = lighter(cloth, 0.4)
    pen.blob(mirrored(_SHOULDERS), cloth)
    pen.shape([(214, 380), (298, 380), (254, 462)], skin)
    pen.line([(208, 384), (230, 430), (268, 484), (280, 524)], trim, 14)
    pen.line([(304, 384), (284, 424), (248, 470)], trim, 14)
    pen.box(122, 468, 44, 7, trim, round_by=3)


def _apron(pen: Pen, cloth: Colour, skin: Colour) -> None:
    """A white polo shirt under a bib apron."""
    pen.blob(mirrored(_SHOULDERS), _WHITE)
    pen.shape([(228, 384), (284, 384), (256, 424)], skin)
    pen.shape([(214, 378), (226, 372), (256, 420), (240, 440)], blend(_WHITE, cloth, 0.25))
    pen.shape([(298, 378), (286, 372), (256, 420), (272, 440)], blend(_WHITE, cloth, 0.25))
    pen.line([(202, 394), (190, 452)], cloth, 17, soft=False)
    pen.line([(310, 394), (322, 452)], cloth, 17, soft=False)
    pen.box(174, 444, 164, 120, cloth, round_by=18)
    pen.box(222, 474, 68, 60, lighter(cloth, 0.28), round_by=10)


def _overalls(pen: Pen, cloth: Colour, skin: Colour) -> None:
    """A work jacket with a collar, a zip and a pencil in the pocket."""
    shade = darker(cloth, 0.28)
    pen.blob(mirrored(_SHOULDERS), cloth)
    pen.shape([(222, 380), (290, 380), (256, 436)], _WHITE)
    pen.shape([(230, 380), (282, 380), (256, 410)], skin)
    pen.shape([(208, 376), (226, 370), (256, 436), (226, 446)], shade)
    pen.shape([(304, 376), (286, 370), (256, 436), (286, 446)], shade)
    pen.line([(256, 436), (256, 520)], lighter(cloth, 0.35), 4)
    pen.box(316, 466, 60, 60, shade, round_by=6)
    pen.box(332, 446, 9, 34, (248, 206, 92), round_by=3)
    pen.box(350, 450, 9, 30, _WHITE, round_by=3)


_CUTS: dict[str, Callable[[Pen, Colour, Colour], None]] = {
    "massage": _tunic,
    "beauty": _smock,
    "housekeeping": _apron,
    "repair": _overalls,
}
