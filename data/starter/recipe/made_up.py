# SPDX-License-Identifier: GPL-3.0-or-later
"""A small folder of drawn training pictures, in the form of the real one: enough to try the recipe where no pictures are."""

import json
import math
import random
from pathlib import Path

from PIL import Image, ImageDraw

from .sprites import STYLE_NAMES

SIDE = 128
SHAPES = {"ball": 0, "triangle": 3, "diamond": 4, "pentagon": 5, "star": 10, "wheel": 12}
"""Names and corners."""
COLOURS = ["#d33", "#3a4", "#36c", "#fb2"]


def outline(corners: int, long: float) -> list[tuple[float, float]]:
    """A regular polygon; ten corners are a star's."""
    reach = [long * (0.45 if corners == 10 and k % 2 else 1) for k in range(corners)]
    angles = [2 * math.pi * k / corners - math.pi / 2 for k in range(corners)]
    return [(SIDE / 2 + r * math.cos(a), SIDE / 2 + r * math.sin(a)) for r, a in zip(reach, angles)]


def draw_shape(corners: int, colour: str, style: int) -> Image.Image:
    """Each style has another width of its edge."""
    picture = Image.new("RGBA", (SIDE, SIDE))
    pen, width = ImageDraw.Draw(picture), 2 * style
    if corners == 0:
        pen.ellipse((8, 8, SIDE - 8, SIDE - 8), colour, "#222", width)
    else:
        pen.polygon(outline(corners, SIDE / 2 - 8), colour, "#222", width)
    return picture


def write_shapes(folder: Path) -> None:
    concepts = {}
    for number, (name, corners) in enumerate(SHAPES.items()):
        concepts[f"x{number}"] = {"label": name, "group": 6, "tags": [], "i18n": {"de": [f"{name} de"]}}
        for style, kind in enumerate(STYLE_NAMES):
            path = folder / "sprites" / kind / f"x{number}.webp"
            path.parent.mkdir(parents=True, exist_ok=True)
            draw_shape(corners, COLOURS[number % len(COLOURS)], style).save(path, lossless=True)
    (folder / "emoji.json").write_text(json.dumps(concepts), encoding="utf-8")


def write_artwork(folder: Path, kind: str, facts: dict[str, str], seed: int) -> None:
    """Blots of colour, which stand for a work."""
    rng, picture = random.Random(seed), Image.new("RGB", (SIDE, SIDE), "#eed")
    for _ in range(20):
        x, y, radius = rng.randrange(SIDE), rng.randrange(SIDE), rng.randint(4, 24)
        ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), rng.choice(COLOURS))
    (folder / kind).mkdir(parents=True, exist_ok=True)
    picture.save(folder / kind / "a.jpg")
    (folder / f"{kind}.json").write_text(json.dumps({"a": facts}), encoding="utf-8")


def write_data(folder: Path) -> Path:
    """Writes the folder and returns it."""
    write_shapes(folder)
    write_artwork(folder, "watercolours", {"subjects": "plum", "species": "prunus"}, 1)
    write_artwork(folder, "paintings", {"title": "blots", "artist": "nobody"}, 2)
    write_artwork(folder, "photos", {}, 3)
    (folder / "photos" / "a.jpg").rename(folder / "photos" / "clothing-shirt-a.jpg")
    return folder
