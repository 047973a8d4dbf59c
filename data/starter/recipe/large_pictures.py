# SPDX-License-Identifier: GPL-3.0-or-later
"""What the enlarger learns from: pictures at its own, larger size, with edges as sharp as that size allows.

Sprites have 256 pixels. Drawn at that size or smaller they are the truth; larger ones are enlarged and their edges made
steep again. Without a folder of pictures only drawn shapes are left, which is enough to try the recipe.
"""

import json
import math
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .sprites import STYLE_NAMES

SPRITE = 256
LARGE_SPRITES = 0.4
"""How many are drawn larger than they are: plain prompts show one thing that fills most of the picture."""
KINDS = {"sprites": 0.68, "shapes": 0.07, "paintings": 0.17, "photos": 0.08}
SHARP_PAINTINGS = "artic-*.jpg"
NO_PHOTOS = "clothing"
LEAST_SCALE = 0.8
"""Paintings and photographs have to have at least this share of the wanted pixels."""
STEEPENINGS = 2


def steepen(picture: Image.Image) -> Image.Image:
    """Moves every pixel towards the darker or lighter end of its neighbourhood, whichever is nearer; even areas stay.

    A soft form of the toggle mapping (Kramer & Bruckner, 1975).
    """
    low = np.asarray(picture.filter(ImageFilter.MinFilter(3))).astype(np.float32)
    high = np.asarray(picture.filter(ImageFilter.MaxFilter(3))).astype(np.float32)
    span = np.maximum(high - low, 1e-3)
    t = np.clip((np.asarray(picture) - low) / span, 0, 1)
    return Image.fromarray((low + t * t * (3 - 2 * t) * (high - low)).round().astype(np.uint8), picture.mode)


def scale_sprite(sprite: Image.Image, size: int) -> Image.Image:
    """To size x size, colours multiplied by alpha ("RGBa")."""
    scaled = sprite.convert("RGBa").resize((size, size), Image.Resampling.LANCZOS)
    if size <= SPRITE:
        return scaled
    bands = scaled.split()
    for _ in range(STEEPENINGS):
        bands = [steepen(band) for band in bands]
    return Image.merge("RGBa", bands)


def random_colour(rng: random.Random) -> tuple[int, int, int]:
    """Soft ones mostly, as grounds have."""
    base = rng.choice([rng.randint(200, 255), rng.randint(20, 255)])
    spread = rng.choice([0, 25, 90])
    return tuple(min(255, max(0, base + rng.randint(-spread, spread))) for _ in range(3))


class LargePictures:
    """An endless source of pictures of side x side pixels."""

    def __init__(self, data: Path | None, seed: int, side: int) -> None:
        self.rng, self.side, self.data = random.Random(seed), side, data
        self.files = {"shapes": [], **(self.find(data) if data is not None else {})}

    def find(self, data: Path) -> dict[str, list[Path]]:
        codes = set(json.loads((data / "emoji.json").read_text(encoding="utf-8")))
        folders = [data / "sprites" / style for style in STYLE_NAMES]
        return {
            "sprites": [path for folder in folders for path in sorted(folder.glob("*.webp")) if path.stem in codes],
            "paintings": [path for path in sorted((data / "paintings").glob(SHARP_PAINTINGS)) if self.is_sharp(path)],
            "photos": [path for path in sorted((data / "photos").glob("*")) if not path.name.startswith(NO_PHOTOS)],
        }

    def is_sharp(self, path: Path) -> bool:
        with Image.open(path) as picture:
            return min(picture.size) >= LEAST_SCALE * self.side

    def draw(self) -> np.ndarray:
        """[side, side, 3] bytes."""
        kinds = [kind for kind in KINDS if self.files.get(kind) or kind == "shapes"]
        kind = self.rng.choices(kinds, [KINDS[kind] for kind in kinds])[0]
        makers = {"sprites": self.sprites, "shapes": self.shapes}
        return np.asarray(makers[kind]() if kind in makers else self.cut(kind)).astype(np.uint8)

    def cut(self, kind: str) -> Image.Image:
        """A square of a painting or a photograph, at most twice as wide as needed."""
        rng, side = self.rng, self.side
        picture = Image.open(rng.choice(self.files[kind])).convert("RGB")
        edge = min(min(picture.size), int(side * rng.uniform(1, 2)))
        left, top = (rng.randint(0, length - edge) for length in picture.size)
        return picture.crop((left, top, left + edge, top + edge)).resize((side, side), Image.Resampling.LANCZOS)

    def ground(self) -> Image.Image:
        """One colour, two that fade into each other, or a land below a sky."""
        rng, side = self.rng, self.side
        kind = rng.random()
        if kind < 0.5:
            return Image.new("RGB", (side, side), random_colour(rng))
        down = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
        first, second = (np.array(random_colour(rng), np.float32) for _ in range(2))
        pixels = np.broadcast_to(first * (1 - down) + second * down, (side, side, 3)).copy()
        if kind > 0.75:
            across = np.linspace(0, 1, side, dtype=np.float32)
            edge = rng.uniform(0.5, 0.75) + rng.uniform(0, 0.03) * np.sin(across * rng.uniform(4, 9) + rng.uniform(0, 6))
            mask = np.clip((down - edge[None, :, None]) * side, 0, 1)
            pixels = pixels * (1 - mask) + np.array(random_colour(rng), np.float32) * mask
        return Image.fromarray(pixels.astype(np.uint8))

    def sprites(self) -> Image.Image:
        """One to five things."""
        rng, side = self.rng, self.side
        picture = self.ground()
        if rng.random() < LARGE_SPRITES:
            sizes = [int(side * rng.uniform(0.5, 0.86))]
        else:
            sizes = [int(side * rng.uniform(0.2, 0.5)) for _ in range(rng.randint(2, 5))]
        for size in sizes:
            self.paste(picture, scale_sprite(Image.open(rng.choice(self.files["sprites"])), size))
        return picture

    def paste(self, picture: Image.Image, sprite: Image.Image) -> None:
        room = self.side - sprite.width
        left, top = (int(room * (0.5 + self.rng.uniform(-0.5, 0.5))) for _ in range(2))
        box = (left, top, left + sprite.width, top + sprite.height)
        parts = np.asarray(sprite.convert("RGBA"))[..., 3:], premultiplied(sprite)
        under = np.asarray(picture.crop(box)).astype(np.float32)
        over = np.clip(under * (1 - parts[0] / 255.0) + parts[1], 0, 255)
        picture.paste(Image.fromarray(over.round().astype(np.uint8)), box[:2])

    def shapes(self) -> Image.Image:
        """Polygons, ellipses and lines, drawn twice as large."""
        rng, side = self.rng, 2 * self.side
        picture = self.ground().resize((side, side))
        pen = ImageDraw.Draw(picture)
        for _ in range(rng.randint(3, 12)):
            x, y, radius = rng.uniform(0, side), rng.uniform(0, side), side * rng.uniform(0.02, 0.3)
            corners = sorted(rng.uniform(0, 2 * math.pi) for _ in range(rng.randint(3, 7)))
            outline = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in corners]
            act = rng.choice(["polygon", "ellipse", "line"])
            if act == "polygon":
                pen.polygon(outline, random_colour(rng))
            elif act == "ellipse":
                pen.ellipse((x - radius, y - radius * 0.7, x + radius, y + radius * 0.7), random_colour(rng))
            else:
                pen.line(outline, random_colour(rng), width=rng.randint(2, max(3, side // 40)), joint="curve")
        return picture.resize((self.side, self.side), Image.Resampling.LANCZOS)


def premultiplied(sprite: Image.Image) -> np.ndarray:
    """The colours of an "RGBa" picture as they are stored, [h, w, 3]."""
    return np.frombuffer(sprite.tobytes(), np.uint8).reshape(sprite.height, sprite.width, 4)[..., :3].astype(np.float32)
