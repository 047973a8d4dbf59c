# SPDX-License-Identifier: GPL-3.0-or-later
"""Grounds that sprites stand on: plain colours, gradients, simple scenes; each with its words in English and Chinese.

The order of the random draws is part of the recipe: the same seed has to give the same pictures.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .sizes import PICTURE

Colour = tuple[int, int, int]

COLOURS: dict[str, tuple[Colour, str]] = {  # English: red, green, blue; Chinese
    "white": ((250, 250, 250), "白色"),
    "black": ((18, 18, 20), "黑色"),
    "grey": ((140, 140, 145), "灰色"),
    "red": ((205, 45, 45), "红色"),
    "orange": ((240, 140, 40), "橙色"),
    "yellow": ((250, 215, 70), "黄色"),
    "green": ((70, 160, 75), "绿色"),
    "light green": ((180, 225, 165), "浅绿色"),
    "blue": ((55, 105, 205), "蓝色"),
    "light blue": ((165, 210, 245), "浅蓝色"),
    "dark blue": ((25, 40, 95), "深蓝色"),
    "purple": ((130, 75, 180), "紫色"),
    "pink": ((250, 175, 200), "粉色"),
    "brown": ((125, 85, 55), "棕色"),
    "beige": ((240, 225, 195), "米色"),
    "turquoise": ((60, 185, 180), "青色"),
}
CALM: list[tuple[Colour, Colour]] = [
    ((246, 246, 248), (230, 232, 238)),
    ((236, 244, 252), (216, 228, 242)),
    ((252, 246, 236), (240, 230, 214)),
]
"""Top and bottom of the grounds of captions that name none: light, and few, for the text does not tell which."""

Y, X = np.mgrid[0:PICTURE, 0:PICTURE].astype(np.float32) / PICTURE


class Ground(NamedTuple):
    """A picture [128, 128, 3] of floats, 0..255, and where that is, in words."""

    pixels: np.ndarray
    english: str
    chinese: str


class Land(NamedTuple):
    """A scene with a horizon: colours at the top, above the horizon and below it; how hilly it is; its words."""

    top: Colour
    middle: Colour
    low: Colour
    wave: float
    english: list[str]
    chinese: str


LANDS = {
    "meadow": Land(
        (120, 180, 240), (210, 232, 250), (105, 175, 75), 0.02, ["on a meadow", "on green grass", "in a meadow"], "在草地上"
    ),
    "sea": Land((150, 205, 245), (225, 240, 250), (45, 120, 180), 0.006, ["at the sea", "on the sea"], "在海上"),
    "sunset": Land((90, 60, 140), (250, 160, 90), (60, 45, 70), 0.01, ["at sunset"], "日落时"),
    "snow": Land((175, 205, 230), (230, 240, 248), (245, 248, 252), 0.02, ["in the snow", "in winter"], "在雪地里"),
    "desert": Land((140, 195, 235), (235, 230, 215), (222, 180, 115), 0.03, ["in the desert", "on sand"], "在沙漠里"),
}
STREET = ((225, 235, 245), (188, 178, 170), (120, 122, 128))
ROOM = ((244, 234, 216), (178, 130, 90))
TREES = ((46, 98, 62), (34, 76, 50), (86, 130, 66))


def floats(colour: Colour) -> np.ndarray:
    return np.array(colour, np.float32)


def fade(top: Colour, bottom: Colour) -> np.ndarray:
    """From one colour down to another."""
    return floats(top) * (1 - Y[..., None]) + floats(bottom) * Y[..., None]


def plain(name: str) -> Ground:
    pixels = np.broadcast_to(floats(COLOURS[name][0]), (PICTURE, PICTURE, 3)).copy()
    return Ground(pixels, f"on a {name} background", f"{COLOURS[name][1]}背景")


def calm(rng: random.Random) -> Ground:
    return Ground(fade(*rng.choice(CALM)).copy(), "", "")


def land(rng: random.Random, name: str, horizon: float) -> Ground:
    what = LANDS[name]
    edge = horizon + what.wave * np.sin(X * rng.uniform(4, 9) + rng.uniform(0, 6))
    down = Y[..., None] / horizon
    sky = floats(what.top) * (1 - down) + floats(what.middle) * down
    soil = floats(what.low) * (1.1 - 0.35 * (Y[..., None] - horizon) / (1 - horizon))
    mask = np.clip((Y - edge) * PICTURE, 0, 1)[..., None]
    pixels = np.clip(sky * (1 - mask) + soil * mask, 0, 255)
    english = rng.choice(what.english) if len(what.english) > 1 else what.english[0]
    return Ground(pixels, english, what.chinese)


def add_cloud(pixels: np.ndarray, x: float, y: float, radius: float) -> None:
    for puff in range(4):
        dx = X - x - (puff - 1.5) * radius * 0.8
        dy = (Y - y - abs(puff - 1.5) * radius * 0.25) * 1.3
        pixels += (255 - pixels) * 0.75 * np.clip((radius - np.hypot(dx * 1.0, dy)) * PICTURE / 4, 0, 1)[..., None]


def sky(rng: random.Random) -> Ground:
    pixels = fade((110, 175, 240), (215, 235, 252))
    for _ in range(rng.randint(2, 5)):
        add_cloud(pixels, rng.random(), rng.random() * 0.8, rng.uniform(0.05, 0.12))
    return Ground(pixels, rng.choice(["in the sky", "in a blue sky with clouds"]), "在天空中")


def night(rng: random.Random) -> Ground:
    pixels = fade((12, 16, 45), (45, 45, 95))
    for _ in range(rng.randint(15, 40)):
        x, y = rng.randrange(PICTURE), rng.randrange(PICTURE)
        pixels[y, x] = 230
    return Ground(pixels, rng.choice(["at night", "under the stars"]), "在夜空下")


def street(rng: random.Random) -> Ground:
    """Houses in a row behind a road."""
    pixels = fade(STREET[0], STREET[0]).copy()
    x = 0
    while x < PICTURE:
        width, roof = rng.randint(18, 34), rng.randint(26, 52)
        pixels[roof:, x : x + width] = floats(STREET[1]) * rng.uniform(0.85, 1.12)
        for top in range(roof + 6, 84, 12):
            pixels[top : top + 6, x + 5 : x + width - 5 : 1] = (210, 222, 232)
        x += width
    pixels[88:] = floats(STREET[2])
    pixels[106:109, 8:40] = pixels[106:109, 56:88] = pixels[106:109, 104:] = 235
    return Ground(np.clip(pixels, 0, 255), rng.choice(["in the street", "in a city"]), "在街上")


def room(rng: random.Random) -> Ground:
    """A wall, a floor, a window."""
    pixels = fade(ROOM[0], ROOM[0]).copy()
    pixels[92:] = floats(ROOM[1])
    pixels[90:93] = floats(ROOM[1]) * 0.75
    left = rng.choice([8, 84])
    pixels[12:52, left : left + 36] = 250
    pixels[15:49, left + 3 : left + 33] = (176, 214, 240)
    pixels[30:33, left : left + 36] = pixels[12:52, left + 17 : left + 20] = 250
    return Ground(pixels, rng.choice(["in a room", "at home"]), "在房间里")


def forest(rng: random.Random) -> Ground:
    """Two rows of firs and grass."""
    pixels = fade((196, 222, 226), (226, 238, 220)).copy()
    for row, base in enumerate((0.68, 0.78)):
        for tree in range(6 + row):
            middle, height = (tree + rng.uniform(0.2, 0.8)) / (6 + row), rng.uniform(0.42, 0.6)
            inside = (Y < base) & (np.abs(X - middle) < 0.13 * (Y - base + height) / height)
            pixels[inside] = floats(TREES[row])
    pixels[Y > 0.76] = floats(TREES[2])
    return Ground(pixels, rng.choice(["in the forest", "in the woods"]), "在森林里")


OTHERS: dict[str, Callable[[random.Random], Ground]] = {"sky": sky, "night": night, "street": street, "room": room, "forest": forest}
SCENES = [*LANDS, *OTHERS]


def draw_ground(rng: random.Random, name: str) -> Ground:
    """The ground of a name: "" for a calm one, a colour, or a scene."""
    if name in OTHERS:
        return OTHERS[name](rng)
    if name in LANDS:
        return land(rng, name, rng.uniform(0.6, 0.66))
    return plain(name) if name else calm(rng)
