"""Hair for the portraits: what falls behind the head is drawn first, what lies over the brow last."""

from dataclasses import dataclass

from menling.demo.pen import Colour, Pen, Point, lighter, mirrored

Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class HairStyle:
    """A cut: outlines behind and in front of the head, and the ages that wear it."""

    name: str
    back: tuple[Outline, ...]
    front: tuple[Outline, ...]
    shine: Outline
    from_age: int = 18
    young_to: int = 99


def _both_sides(right: Outline) -> Outline:
    return tuple(mirrored(right))


_CROWN: Outline = _both_sides(((256, 84), (326, 100), (362, 168), (362, 240), (330, 280), (256, 286)))
_LONG: Outline = _both_sides(((256, 84), (330, 102), (370, 180), (378, 300), (386, 420), (340, 452), (256, 440)))
_BOB: Outline = _both_sides(((256, 84), (330, 102), (370, 176), (378, 280), (362, 336), (310, 346), (256, 340)))
_WAVES: Outline = _both_sides(
    ((256, 82), (334, 102), (376, 176), (366, 240), (396, 304), (376, 360), (400, 418), (352, 446), (256, 430))
)
_CURLS: Outline = _both_sides(
    ((256, 72), (306, 76), (344, 100), (372, 144), (382, 200), (376, 252), (352, 290), (300, 300), (256, 300))
)
_BUN: Outline = _both_sides(((256, 28), (296, 44), (304, 82), (282, 112), (256, 116)))
_TAIL: Outline = (
    (334, 132),
    (380, 142),
    (408, 196),
    (406, 280),
    (424, 356),
    (388, 344),
    (372, 292),
    (366, 220),
    (346, 184),
)

_CENTRE_PART: Outline = _both_sides(
    (
        (256, 92),
        (322, 104),
        (364, 168),
        (376, 262),
        (366, 312),
        (344, 300),
        (341, 240),
        (326, 196),
        (296, 160),
        (256, 132),
    )
)
_FRINGE: Outline = _both_sides(
    ((256, 90), (326, 104), (364, 170), (374, 260), (364, 322), (338, 312), (336, 250), (328, 202), (256, 192))
)
_SWEEP: Outline = (
    (214, 100), (280, 88), (338, 116), (360, 186), (354, 258), (338, 250), (328, 194), (282, 160), (226, 152),
    (194, 186), (178, 246), (160, 256), (152, 184), (172, 124),
)  # fmt: skip
_PULLED_BACK: Outline = _both_sides(
    ((256, 92), (318, 104), (352, 160), (354, 226), (342, 220), (326, 178), (292, 150), (256, 142))
)
_CURLY_FRONT: Outline = _both_sides(
    (
        (256, 86),
        (310, 88),
        (348, 120),
        (366, 176),
        (362, 250),
        (342, 250),
        (338, 206),
        (312, 178),
        (286, 184),
        (256, 168),
    )
)

_PIXIE: Outline = (
    (176, 118), (230, 86), (300, 90), (346, 124), (360, 190), (350, 262), (338, 256), (332, 204), (300, 170),
    (262, 196), (216, 200), (184, 216), (174, 262), (160, 262), (154, 190),
)  # fmt: skip
_NAPE: Outline = _both_sides(((256, 90), (320, 104), (356, 160), (356, 226), (326, 244), (256, 246)))
_PLAIT: tuple[Outline, ...] = tuple(
    ((x - 26, y), (x, y - 17), (x + 26, y), (x + 10, y + 24), (x - 10, y + 24))
    for x, y in ((356, 338), (360, 368), (361, 398), (359, 428), (355, 456))
)
_PLAIT_ROOT: Outline = ((338, 230), (366, 240), (380, 290), (374, 336), (346, 340), (346, 290))

_SHORT_BACK: Outline = _both_sides(((256, 92), (318, 102), (352, 156), (352, 226), (330, 250), (256, 250)))
_SIDE_PART: Outline = (
    (196, 106), (256, 84), (322, 96), (358, 150), (352, 232), (340, 232), (332, 184), (300, 168), (248, 172),
    (204, 150), (182, 190), (172, 232), (160, 232), (156, 168),
)  # fmt: skip
_CREW: Outline = _both_sides(
    ((256, 98), (308, 104), (346, 146), (350, 224), (340, 222), (330, 176), (300, 152), (256, 148))
)
_QUIFF: Outline = (
    (180, 128), (204, 86), (262, 62), (324, 78), (354, 124), (352, 226), (340, 226), (330, 176), (296, 150),
    (244, 158), (206, 150), (184, 180), (172, 226), (160, 226), (160, 160),
)  # fmt: skip
_CURTAIN: Outline = _both_sides(
    ((256, 84), (318, 92), (358, 150), (354, 236), (340, 232), (326, 206), (296, 186), (268, 150), (256, 128))
)
_RECEDING: Outline = _both_sides(
    ((256, 106), (300, 106), (344, 140), (352, 230), (340, 228), (334, 180), (316, 150), (290, 138), (256, 132))
)
_MESSY: Outline = (
    (156, 226), (150, 150), (180, 108), (200, 116), (222, 80), (246, 98), (280, 72), (298, 98), (336, 96),
    (340, 128), (362, 156), (354, 226), (340, 226), (334, 190), (308, 172), (290, 190), (262, 166), (240, 190),
    (214, 170), (196, 194), (180, 190), (172, 226),
)  # fmt: skip

FEMALE_STYLES: tuple[HairStyle, ...] = (
    HairStyle("long", (_LONG,), (_CENTRE_PART,), ((196, 140), (214, 124), (236, 114)), young_to=39),
    HairStyle("bob", (_BOB,), (_FRINGE,), ((200, 142), (232, 126), (268, 124)), young_to=49),
    HairStyle("waves", (_WAVES,), (_SWEEP,), ((236, 122), (274, 118), (306, 132)), young_to=49),
    HairStyle("bun", (_NAPE, _BUN), (_PULLED_BACK,), ((206, 138), (232, 120), (262, 116)), young_to=49),
    HairStyle("tail", (_NAPE, _TAIL), (_SWEEP,), ((236, 122), (274, 118), (306, 132)), young_to=44),
    HairStyle("pixie", (_NAPE,), (_PIXIE,), ((232, 116), (268, 108), (302, 118))),
    HairStyle("plait", (_NAPE,), (_SWEEP, _PLAIT_ROOT, *_PLAIT), ((236, 122), (274, 118), (306, 132)), young_to=34),
    HairStyle("curls", (_CURLS,), (_CURLY_FRONT,), ((204, 124), (232, 110), (260, 108)), from_age=45),
)
MALE_STYLES: tuple[HairStyle, ...] = (
    HairStyle("side-part", (_SHORT_BACK,), (_SIDE_PART,), ((236, 118), (276, 110), (312, 124))),
    HairStyle("crew", (_SHORT_BACK,), (_CREW,), ((222, 124), (250, 116), (276, 118))),
    HairStyle("quiff", (_SHORT_BACK,), (_QUIFF,), ((226, 104), (262, 90), (300, 98)), young_to=39),
    HairStyle("curtain", (_SHORT_BACK,), (_CURTAIN,), ((284, 112), (310, 124), (326, 146)), young_to=34),
    HairStyle("messy", (_SHORT_BACK,), (_MESSY,), ((228, 118), (258, 110), (286, 114)), young_to=34),
    HairStyle("receding", (_SHORT_BACK,), (_RECEDING,), ((288, 120), (306, 124), (320, 134)), from_age=45),
)
_BY_NAME = {style.name: style for style in (*FEMALE_STYLES, *MALE_STYLES)}


def draw_back_hair(pen: Pen, style: str, colour: Colour) -> None:
    """The hair behind head and shoulders."""
    for outline in _BY_NAME[style].back:
        pen.blob(outline, colour)


def draw_front_hair(pen: Pen, style: str, colour: Colour) -> None:
    """The hair over the brow, with a little shine."""
    cut = _BY_NAME[style]
    for outline in cut.front:
        pen.blob(outline, colour)
    pen.line(cut.shine, lighter(colour, 0.22), 7)
