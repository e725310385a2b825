"""A QR code as the one path of an SVG, for `qr.html`: no markup is made here, and no picture is fetched.

Level M of error correction, with the quiet zone of four modules that ISO/IEC 18004 asks for.
"""

from dataclasses import dataclass

import segno

QUIET = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """`size` modules each way, quiet zone included; `path`: the dark ones."""

    size: int
    path: str


def qr_picture(text: str) -> Picture:
    """The picture of a text; dark modules that lie side by side are one stroke."""
    matrix = segno.make(text, error="m", micro=False).matrix
    strokes = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                strokes.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1H{start + QUIET}z")
            x += 1
    return Picture(size=len(matrix) + 2 * QUIET, path="".join(strokes))
