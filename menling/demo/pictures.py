"""Sample uploads for the demo: a certificate to be audited, and the room when the work is done."""

from collections.abc import Callable

from PIL import ImageDraw, ImageFont

from menling.demo.pen import OVERSAMPLE, PAGE, Colour, Pen, darker, lighter, pick

# Asked for by file name, so that Pillow looks where this system keeps its fonts; the first that is there is taken.
_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "wqy-zenhei.ttc", "PingFang.ttc", "msyh.ttc")
_PAPER: Colour = (253, 249, 238)
_GOLD: Colour = (196, 158, 84)
_INK: Colour = (64, 58, 62)
_SEAL: Colour = (204, 62, 58)
_WALLS: tuple[Colour, ...] = ((238, 231, 220), (222, 233, 232), (240, 226, 222), (228, 230, 242))
_WOOD: Colour = (206, 168, 128)
_WHITE: Colour = (252, 252, 250)
_LEAF: Colour = (98, 152, 112)
_GLASS: Colour = (196, 226, 240)


def draw_certificate(name: str, title: str) -> bytes:
    """A 512 x 512 PNG that looks like a photographed certificate; without a Chinese font its lines are only hinted."""
    pen = Pen((120, 104, 96))
    pen.box(26, 66, 460, 380, darker((120, 104, 96), 0.5), round_by=4)
    pen.box(22, 60, 460, 380, _PAPER, round_by=4)
    pen.frame(36, 74, 432, 352, _GOLD, thick=5)
    pen.frame(46, 84, 412, 332, _GOLD, thick=1.5)
    for x, y in ((46, 84), (458, 84), (46, 416), (458, 416)):
        pen.oval(x, y, 9, 9, _GOLD)
    _write(pen, "证 书", 256, 134, 42, _SEAL)
    _write(pen, "CERTIFICATE", 256, 174, 15, _GOLD)
    _write(pen, name, 256, 228, 34, _INK)
    pen.line([(156, 254), (356, 254)], _GOLD, 1.5, soft=False)
    _write(pen, title, 256, 288, 24, _INK)
    _write(pen, "仅供演示 · Sample only", 170, 372, 15, (150, 142, 136))
    _draw_seal(pen, 388, 356)
    return pen.png()


def _draw_seal(pen: Pen, x: float, y: float) -> None:
    pen.ring(x, y, 40, _SEAL, 4)
    pen.ring(x, y, 33, _SEAL, 1.5)
    star = [(0, -18), (4, -6), (17, -6), (7, 2), (11, 14), (0, 7), (-11, 14), (-7, 2), (-17, -6), (-4, -6)]
    pen.shape([(x + dx, y + dy) for dx, dy in star], _SEAL)


def _write(pen: Pen, words: str, x: float, y: float, size: float, colour: Colour) -> None:
    """Centred words, made smaller until they fit inside the border."""
    font = _font(size)
    while font is not None and font.getlength(words) > 380 * OVERSAMPLE and size > 8:
        size -= 1
        font = _font(size)
    if font is None:
        half = min(len(words) * size * 0.45, 180)
        pen.box(x - half, y - size / 4, 2 * half, size / 2, lighter(colour, 0.3), round_by=size / 4)
        return
    ImageDraw.Draw(pen.image).text((x * OVERSAMPLE, y * OVERSAMPLE), words, fill=colour, font=font, anchor="mm")


def _font(size: float) -> ImageFont.FreeTypeFont | None:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size * OVERSAMPLE)
        except OSError:
            continue
    return None


def draw_room(kind: str, seed: str) -> bytes:
    """A 512 x 512 PNG of the place after a visit; `kind` is a category code. Raises ValueError for any other kind."""
    if kind not in _SCENES:
        raise ValueError(f"{kind} is no kind of work that leaves a room behind")
    wall = pick(seed, "wall", _WALLS)
    pen = Pen(wall)
    pen.box(0, 372, PAGE, 140, _WOOD)
    for y in (404, 444, 490):
        pen.line([(0, y), (PAGE, y)], darker(_WOOD, 0.08), 2, soft=False)
    pen.box(0, 362, PAGE, 12, _WHITE)
    _SCENES[kind](pen, seed)
    return pen.png()


def _window(pen: Pen, x: float, y: float, *, sunny: bool = True) -> None:
    pen.box(x, y, 150, 170, _WHITE, round_by=6)
    pen.box(x + 10, y + 10, 130, 150, _GLASS)
    if sunny:
        pen.oval(x + 105, y + 46, 17, 17, (255, 238, 184))
    for left in (16, 58, 98):
        pen.box(x + left, y + 160 - left * 0.7, 36, left * 0.7, (172, 200, 206))
    pen.box(x + 71, y + 10, 8, 150, _WHITE)


def _plant(pen: Pen, x: float, y: float) -> None:
    for lean, reach in ((-40, 74), (-18, 104), (6, 116), (28, 96), (46, 66)):
        tip = (x + lean, y - reach)
        bend = (x + lean * 0.2, y - reach * 0.6)
        pen.blob([(x - 5, y), bend, tip, (x + lean * 0.8 + 9, y - reach * 0.55), (x + 6, y)], _LEAF)
    pen.shape([(x - 30, y - 6), (x + 30, y - 6), (x + 22, y + 44), (x - 22, y + 44)], (216, 128, 96))
    pen.box(x - 34, y - 14, 68, 14, (200, 112, 84), round_by=3)


def _sparkle(pen: Pen, x: float, y: float, size: float) -> None:
    thin = size * 0.2
    around = [(0, -size), (thin, -thin), (size, 0), (thin, thin), (0, size), (-thin, thin), (-size, 0), (-thin, -thin)]
    pen.shape([(x + dx, y + dy) for dx, dy in around], _WHITE)


def _massage_room(pen: Pen, seed: str) -> None:
    towel = pick(seed, "towel", ((130, 176, 166), (178, 160, 200), (232, 190, 160)))
    _window(pen, 54, 70)
    _plant(pen, 446, 352)
    for x in (120, 352):
        pen.line([(x, 340), (x - 14, 452)], (150, 112, 84), 12, soft=False)
        pen.line([(x, 340), (x + 14, 452)], (150, 112, 84), 12, soft=False)
    pen.box(62, 316, 348, 34, _WHITE, round_by=14)
    pen.box(62, 308, 348, 26, lighter(towel, 0.55), round_by=12)
    pen.shape([(210, 308), (330, 308), (330, 396), (210, 396)], towel)
    pen.box(210, 384, 120, 6, lighter(towel))
    for row, y in enumerate((292, 276, 260)):
        pen.box(92 + 4 * row, y, 84 - 8 * row, 17, lighter(towel, 0.2 * row), round_by=8)
    pen.box(286, 204, 108, 10, _WOOD, round_by=4)
    for x, colour in ((302, (180, 124, 72)), (328, (112, 150, 118)), (354, (206, 160, 96))):
        pen.box(x, 172, 16, 32, colour, round_by=4)
        pen.box(x + 4, 162, 8, 12, _INK, round_by=2)


def _beauty_room(pen: Pen, seed: str) -> None:
    polish = pick(seed, "polish", ((214, 84, 110), (232, 140, 130), (156, 96, 150)))
    pen.oval(256, 176, 104, 122, _GOLD)
    pen.oval(256, 176, 95, 113, _GLASS)
    pen.shape([(214, 104), (248, 96), (198, 236), (180, 206)], lighter(_GLASS, 0.5))
    pen.box(60, 330, 392, 24, _WHITE, round_by=6)
    for x in (84, 412):
        pen.box(x, 354, 16, 110, _WHITE)
    for n, x in enumerate((92, 128, 164)):
        pen.box(x, 296, 26, 34, lighter(polish, 0.25 * n), round_by=6)
        pen.box(x + 7, 268, 12, 30, _INK, round_by=3)
    for n, x in enumerate((214, 250, 286, 322, 358)):
        # A card of painted sample nails, fanned out beside the lamp.
        tone = lighter(polish, 0.14 * n)
        pen.blob([(x, 330), (x - 13, 306), (x - 9, 282), (x, 274), (x + 9, 282), (x + 13, 306)], tone)
        pen.line([(x - 4, 286), (x - 5, 302)], lighter(tone, 0.6), 3)
    _plant(pen, 424, 284)
    _sparkle(pen, 340, 96, 18)
    _sparkle(pen, 148, 92, 13)


def _clean_room(pen: Pen, seed: str) -> None:
    sofa = pick(seed, "sofa", ((112, 150, 168), (200, 146, 116), (136, 158, 124)))
    _window(pen, 64, 60, sunny=False)
    _window(pen, 232, 60)
    pen.oval(256, 466, 196, 30, lighter(sofa, 0.6))
    pen.box(112, 270, 288, 100, sofa, round_by=24)
    pen.box(92, 320, 328, 92, darker(sofa, 0.12), round_by=22)
    pen.box(124, 322, 130, 52, lighter(sofa, 0.16), round_by=12)
    pen.box(258, 322, 130, 52, lighter(sofa, 0.16), round_by=12)
    pen.box(134, 282, 60, 56, (244, 208, 128), round_by=10)
    for x in (122, 378):
        pen.box(x, 408, 12, 24, (150, 112, 84))
    _plant(pen, 454, 368)
    for x, y, size in ((210, 110, 17), (430, 120, 22), (320, 446, 20), (66, 300, 15)):
        _sparkle(pen, x, y, size)


def _repaired_room(pen: Pen, seed: str) -> None:
    tile = pick(seed, "tile", ((214, 230, 232), (232, 224, 212), (216, 226, 212)))
    steel: Colour = (176, 186, 194)
    for row in range(6):
        for column in range(8):
            pen.box(4 + column * 64, 4 + row * 50, 60, 46, tile, round_by=3)
    pen.box(0, 300, PAGE, 30, (240, 238, 234))
    pen.box(0, 330, PAGE, 182, (122, 140, 156))
    for x in (14, 182, 350):
        pen.box(x, 346, 150, 156, (138, 156, 172), round_by=5)
        pen.box(x + 55, 358, 40, 7, steel, round_by=3)
    pen.box(132, 296, 248, 12, darker(steel, 0.2), round_by=6)
    pen.line([(256, 298), (256, 190), (276, 150), (316, 150), (332, 182), (332, 216)], steel, 20)
    pen.box(236, 284, 40, 16, darker(steel, 0.1), round_by=5)
    pen.line([(262, 236), (300, 222)], darker(steel, 0.1), 11, soft=False)
    pen.box(322, 212, 20, 12, darker(steel, 0.2), round_by=3)
    pen.line([(250, 280), (250, 200)], lighter(steel, 0.6), 4, soft=False)
    pen.box(396, 246, 40, 54, pick(seed, "bottle", ((240, 190, 96), (130, 188, 160))), round_by=9)
    pen.box(408, 226, 16, 22, _WHITE, round_by=3)
    _plant(pen, 82, 262)
    _sparkle(pen, 372, 130, 20)
    _sparkle(pen, 212, 160, 14)


_SCENES: dict[str, Callable[[Pen, str], None]] = {
    "massage": _massage_room,
    "beauty": _beauty_room,
    "housekeeping": _clean_room,
    "repair": _repaired_room,
}
