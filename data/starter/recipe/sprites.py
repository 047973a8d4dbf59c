# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut-out pictures of things, their names in many languages, and how often each is drawn."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .sizes import PICTURE

STYLES = {  # folder: words for the way it is drawn
    "fluent3d": ["3d render", "3d icon", "glossy 3d"],
    "noto": ["flat icon", "flat illustration", "sticker"],
    "blob": ["cartoon", "soft cartoon", "doodle"],
    "emojitwo": ["vector art", "clean vector", "clip art"],
    "fx": ["minimal", "minimal drawing", "simple shapes"],
}
STYLE_NAMES = list(STYLES)

GROUP_WEIGHTS = {0: 0.5, 1: 0.35, 3: 1.5, 4: 1.5, 5: 1.0, 6: 1.0, 7: 1.0}
"""Unicode's groups: 0 faces, 1 people, 3 animals and plants, 4 food, 5 places, 6 activities, 7 objects; the rest is not drawn."""
FOCUS_GROUPS = (3, 4)
OUT_OF_FOCUS = 0.02


def read_sprite(path: Path) -> np.ndarray:
    """[128, 128, 4] bytes, colours multiplied by alpha."""
    picture = Image.open(path).convert("RGBA").resize((PICTURE, PICTURE), Image.Resampling.LANCZOS)
    pixels = np.asarray(picture).astype(np.float32)
    pixels[..., :3] *= pixels[..., 3:] / 255
    return pixels.round().astype(np.uint8)


def build_cache(data: Path, concepts: dict[str, Any], cache: Path) -> None:
    """Reads all sprites once and keeps them in one file."""
    pixels, codes, styles = [], [], []
    for style, folder in enumerate(STYLE_NAMES):
        for path in sorted((data / "sprites" / folder).glob("*.webp")):
            if path.stem in concepts:
                pixels.append(read_sprite(path))
                codes.append(path.stem)
                styles.append(style)
    if not pixels:
        raise FileNotFoundError(f"no sprites under {data}: point --data or LIMN_DATA at the training pictures")
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.savez(cache, rgba=np.stack(pixels), code=np.array(codes), style=np.array(styles))


class Sprites:
    """All sprites, and a draw by weight.

    With `focus`, a list of styles, animals, plants and food in those styles are drawn fifty times as often as the rest:
    a short training learns few things well rather than many not at all.
    """

    def __init__(self, data: Path, work: Path, focus: Sequence[str] = ()) -> None:
        self.concepts: dict[str, Any] = json.loads((data / "emoji.json").read_text(encoding="utf-8"))
        cache = work / f"sprites-{PICTURE}.npz"
        if not cache.exists():
            build_cache(data, self.concepts, cache)
        arrays = np.load(cache)
        self.pixels, self.codes, self.styles = arrays["rgba"], arrays["code"], arrays["style"]
        self.cumulative = np.cumsum([self.weight(i, focus) for i in range(len(self.codes))])

    def weight(self, index: int, focus: Sequence[str]) -> float:
        group = self.concepts[self.codes[index]]["group"]
        weight = GROUP_WEIGHTS.get(group, 0)
        if focus and not (group in FOCUS_GROUPS and STYLE_NAMES[self.styles[index]] in focus):
            weight *= OUT_OF_FOCUS
        return weight

    def draw(self, rng: random.Random) -> int:
        """The index of a sprite."""
        return int(np.searchsorted(self.cumulative, rng.random() * self.cumulative[-1]))

    def label(self, index: int) -> str:
        """Its plain English name."""
        return self.concepts[self.codes[index]]["label"]

    def call(self, rng: random.Random, index: int, language: str) -> str:
        """A name for it in a language; now and then a less usual one, or one with a tag before it."""
        concept = self.concepts[self.codes[index]]
        if language != "en" and language in concept.get("i18n", {}):
            names = concept["i18n"][language]
            return names[0] if rng.random() < 0.8 else rng.choice(names)
        if rng.random() < 0.75 or not concept.get("tags"):
            return concept["label"]
        return f"{rng.choice(concept['tags'][:3])} {concept['label']}"


def paste(canvas: np.ndarray, sprite: np.ndarray, centre: tuple[float, float], size: int, flip: bool = False) -> None:
    """Draws a sprite into a picture of floats, 0..255, in place; what falls outside is cut."""
    scaled = Image.frombuffer("RGBa", (PICTURE, PICTURE), sprite.tobytes(), "raw", "RGBa", 0, 1)
    pixels = np.asarray(scaled.resize((size, size), Image.Resampling.LANCZOS)).astype(np.float32)
    if flip:
        pixels = pixels[:, ::-1]
    left, top = int(centre[0] - size / 2), int(centre[1] - size / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + size, PICTURE), min(top + size, PICTURE)
    part = pixels[y0 - top : y1 - top, x0 - left : x1 - left]
    canvas[y0:y1, x0:x1] = canvas[y0:y1, x0:x1] * (1 - part[..., 3:] / 255) + part[..., :3]
