# SPDX-License-Identifier: GPL-3.0-or-later
"""What a training picture shows, as a value: how it is drawn and how it is said."""

import random
from dataclasses import dataclass

import numpy as np

from .grounds import Ground, draw_ground
from .prompts import with_article
from .sizes import LATENT_SIDE, PICTURE
from .sprites import STYLES, Sprites, paste
from .techniques import FILTERS, TECHNIQUES, WEATHER

EDGE = 0.8
"""Side of one thing in the middle, of the picture's."""
SIZES = {"": EDGE, "big": 0.98, "small": 0.42}
PLACES = {  # relation: centre and side of the first and of the second thing
    "and": ((0.27, 0.53, 0.48), (0.73, 0.53, 0.48)),
    "left": ((0.27, 0.53, 0.48), (0.73, 0.53, 0.48)),
    "above": ((0.5, 0.27, 0.48), (0.5, 0.74, 0.48)),
    "bigger": ((0.37, 0.5, 0.7), (0.82, 0.7, 0.32)),
}
ROWS = {2: ((0.27, 0.73), 0.47), 3: ((0.19, 0.5, 0.81), 0.35)}
NUMBERS = {2: "two", 3: "three"}


@dataclass(frozen=True)
class Scene:
    """A concept's code in a drawing style, and where.

    `ground` is "", a colour or a scene; `relation` and `other` place a second thing; `size` is "", big or small; `filter` names
    a technique or a weather; `style_named` says whether the caption tells the style.
    """

    code: str
    style: str
    ground: str = ""
    count: int = 1
    other: str = ""
    relation: str = ""
    size: str = ""
    filter: str = ""
    language: str = "en"
    style_named: bool = False


def parts_of(scene: Scene) -> list[tuple[str, float, float, float]]:
    """(code, centre x, centre y, side) of all things, in parts of the picture's side."""
    if scene.other:
        return [(code, *place) for code, place in zip((scene.code, scene.other), PLACES[scene.relation])]
    if scene.count > 1:
        centres, side = ROWS[scene.count]
        return [(scene.code, x, 0.53, side) for x in centres]
    side = SIZES[scene.size]
    return [(scene.code, 0.5, 0.62 if scene.size == "small" else 0.51, side)]


def draw_scene(sprites: Sprites, scene: Scene, rng: random.Random) -> tuple[np.ndarray, np.ndarray, Ground]:
    """The picture, [128, 128, 3] bytes; how much of each latent cell things cover, [16, 16] bytes; the ground."""
    ground = draw_ground(rng, scene.ground)
    cover = np.zeros((PICTURE, PICTURE, 3), np.float32)
    for code, x, y, side in parts_of(scene):
        style = scene.style if (code, scene.style) in sprites.places else sprites.styles_of(code)[0]
        sprite = sprites.picture(code, style)
        centre = PICTURE * x + rng.uniform(-2, 2), PICTURE * y + rng.uniform(-2, 2)
        paste(ground.pixels, sprite, centre, int(PICTURE * side))
        paste(cover, np.repeat(sprite[..., 3:], 4, -1), centre, int(PICTURE * side))
    pixels = FILTERS[scene.filter](ground.pixels, rng) if scene.filter else ground.pixels
    cell = PICTURE // LATENT_SIDE
    mask = cover[..., 0].reshape(LATENT_SIDE, cell, LATENT_SIDE, cell).mean((1, 3))
    return np.clip(pixels, 0, 255).round().astype(np.uint8), mask.round().astype(np.uint8), ground


def plural(name: str) -> str:
    for end, many in (("fish", "fish"), ("sheep", "sheep"), ("mouse", "mice"), ("man", "men"), ("leaf", "leaves"), ("berry", "berries")):
        if name.endswith(end):
            return name[: -len(end)] + many
    return name + ("es" if name.endswith(("s", "x", "ch", "sh", "tomato", "potato", "mango")) else "s")


def what_english(sprites: Sprites, scene: Scene, rng: random.Random) -> str:
    """The things, with articles and where they stand to each other."""
    name = sprites.call(rng, scene.code, "en")
    if scene.other:
        one, two = with_article(name), with_article(sprites.label(scene.other))
        ways = {
            "and": [f"{one} and {two}", f"{one} next to {two}", f"{one} and {two} side by side"],
            "left": [f"{one} on the left and {two} on the right", f"{one} to the left of {two}"],
            "above": [f"{one} above {two}", f"{two} below {one}"],
            "bigger": [f"a big {name} and a small {sprites.label(scene.other)}", f"a big {name} next to a small {sprites.label(scene.other)}"],
        }
        return rng.choice(ways[scene.relation])
    if scene.count > 1:
        return f"{NUMBERS[scene.count]} {plural(name)}"
    if scene.size:
        return f"a {scene.size} {name}"
    return with_article(name) if rng.random() < 0.75 else name


def manner(scene: Scene, rng: random.Random) -> str:
    """The drawing style or technique in words, or nothing."""
    if scene.filter in TECHNIQUES:
        return rng.choice(TECHNIQUES[scene.filter][1])
    return rng.choice(STYLES[scene.style]) if scene.style_named else ""


def caption(sprites: Sprites, scene: Scene, ground: Ground, rng: random.Random) -> str:
    """One of the ways to say what a scene shows."""
    if scene.language != "en":
        name = sprites.call(rng, scene.code, scene.language)
        where = ground.chinese if scene.language == "zh" else ground.english
        comma = "，" if scene.language == "zh" else ", "
        return comma.join(part for part in (name, where, manner(scene, rng)) if part)
    what, where, how = what_english(sprites, scene, rng), ground.english, manner(scene, rng)
    if scene.filter in WEATHER:
        where = f"{where} {rng.choice(WEATHER[scene.filter][1])}".strip()
    ways = [", ".join(part for part in (f"{what} {where}".strip(), how) if part)]
    if how:
        ways += [f"{how} of {what} {where}".strip(), f"{what}, {how}, {where}".removesuffix(", ")]
    return rng.choice(ways)
