# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut-out pictures of things, their names in many languages, and how often each is drawn."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .concepts import plain_names, weight_of
from .sizes import PICTURE

STYLES = {  # folder: words for the way it is drawn
    "fluent3d": ["3d render", "3d icon", "glossy 3d"],
    "noto": ["flat icon", "flat illustration", "sticker"],
    "blob": ["cartoon", "soft cartoon", "doodle"],
    "emojitwo": ["vector art", "clean vector", "clip art"],
    "fx": ["minimal", "minimal drawing", "simple shapes"],
}
STYLE_NAMES = list(STYLES)

BEST = "fluent3d"
BEST_SHARE = 0.75
"""How often a thing is drawn in the style that looks best, where it is there and no style is asked for."""


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
    """All sprites by concept and style, and a draw by weight."""

    def __init__(self, data: Path, work: Path) -> None:
        self.concepts: dict[str, Any] = json.loads((data / "emoji.json").read_text(encoding="utf-8"))
        cache = work / f"sprites-{PICTURE}.npz"
        if not cache.exists():
            build_cache(data, self.concepts, cache)
        arrays = np.load(cache)
        self.pixels, self.codes, self.styles = arrays["rgba"], arrays["code"], arrays["style"]
        self.places = {(str(code), STYLE_NAMES[style]): i for i, (code, style) in enumerate(zip(self.codes, self.styles))}
        self.known = sorted({code for code, _ in self.places if weight_of(self.concepts[code]) > 0})
        self.cumulative = np.cumsum([weight_of(self.concepts[code]) for code in self.known])

    def draw(self, rng: random.Random) -> str:
        """The code of a concept."""
        return self.known[int(np.searchsorted(self.cumulative, rng.random() * self.cumulative[-1]))]

    def styles_of(self, code: str) -> list[str]:
        return [style for style in STYLE_NAMES if (code, style) in self.places]

    def draw_style(self, rng: random.Random, code: str, named: bool) -> str:
        """Any style where the caption names it; mostly the best one where it does not."""
        styles = self.styles_of(code)
        if not named and BEST in styles and rng.random() < BEST_SHARE:
            return BEST
        return rng.choice(styles)

    def picture(self, code: str, style: str) -> np.ndarray:
        """[128, 128, 4] bytes, colours multiplied by alpha."""
        return self.pixels[self.places[code, style]]

    def label(self, code: str) -> str:
        """Its plain English name."""
        return plain_names(self.concepts[code]["label"])[0]

    def call(self, rng: random.Random, code: str, language: str) -> str:
        """A name for it in a language, the usual one mostly."""
        concept = self.concepts[code]
        if language != "en":
            names = concept["i18n"][language]
            return names[0] if rng.random() < 0.9 else rng.choice(names[:3])
        names = plain_names(concept["label"])
        return names[0] if rng.random() < 0.7 else rng.choice([*names, concept["label"]])

    def speaks(self, code: str, language: str) -> bool:
        return language == "en" or bool(self.concepts[code].get("i18n", {}).get(language))


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
