#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The starter's enlarger, matching network and score, in sizes that take seconds and on drawn pictures.

Exits 77 with the reason where PyTorch is not there.
"""

import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "data" / "starter"
SKIP = 77

try:
    import numpy as np
    import tokenizers  # noqa: F401
    import torch
    from PIL import ImageColor
    from torch.nn import functional
except ImportError as error:
    print(f"skipped: {error}; install data/starter/recipe/requirements.txt")
    sys.exit(SKIP)

sys.dont_write_bytecode = True
torch.set_num_threads(1)  # threads that wait for each other starve beside other tests
sys.path.insert(0, str(STARTER))
from recipe import matching, score  # noqa: E402
from recipe.captions import load_tokenizer  # noqa: E402
from recipe.enlarger import load_enlarger, save_enlarger  # noqa: E402
from recipe.large_pictures import SPRITE, LargePictures, scale_sprite  # noqa: E402
from recipe.pipeline import load_pipeline, sample  # noqa: E402
from recipe.train_enlarger import FILE, read_autoencoder, train_enlarger  # noqa: E402
from recipe.training import Clock  # noqa: E402

COLOURS = ["red", "green", "blue", "yellow", "white", "black", "purple", "orange", "pink", "grey"]


class Planes:
    """Stands in for the classifier: layers of the right widths that hold little more than the picture."""

    def features(self, x):
        def layer(channels, stride):
            small = functional.avg_pool2d(x, stride)
            return small.repeat(1, -(-channels // 3), 1, 1)[:, :channels]

        return [layer(64, 2), layer(128, 4), layer(256, 8), layer(512, 8), layer(512, 16)]


def close(a: float, b: float, within: float) -> bool:
    return abs(a - b) <= within * abs(b)


def enlarger_trains_and_goes_on(folder: Path) -> bool:
    """Stopped and started again, it ends with the same weights; what is stored is what was trained."""
    autoencoder = read_autoencoder(STARTER)
    straight, halves = folder / "straight", folder / "halves"
    for work, stops in ((straight, [4]), (halves, [2, 4])):
        work.mkdir()
        for steps in stops:
            model = train_enlarger(None, work, None, autoencoder, StopAt(4, steps), size="tiny")
    one, other = (torch.load(work / FILE)["model"] for work in (straight, halves))
    same = all(torch.equal(one[name], other[name]) for name in one)
    save_enlarger(model, folder)
    picture = torch.rand(1, 3, 24, 16)
    large, again = model(picture), load_enlarger(folder)(picture)
    return same and large.shape == (1, 3, 96, 64) and (large - again).abs().max().item() < 1e-2


class StopAt(Clock):
    """A clock of `steps` that says it is over after some of them."""

    def __init__(self, steps: int, stop: int) -> None:
        super().__init__(steps=steps)
        self.stop = stop

    @property
    def over(self) -> bool:
        return self.step >= self.stop


def untrained_enlarger_repeats_pixels(folder: Path) -> bool:
    from recipe.enlarger import SIZES, Enlarger

    picture = torch.rand(1, 3, 5, 6)
    return torch.allclose(Enlarger(SIZES["tiny"])(picture), functional.interpolate(picture, scale_factor=4), atol=1e-6)


def large_pictures_repeat(folder: Path) -> bool:
    """By seed; and another seed gives others."""
    first, again, other = (LargePictures(None, seed, 64).draw() for seed in (1, 1, 2))
    return first.shape == (64, 64, 3) and np.array_equal(first, again) and not np.array_equal(first, other)


def steepened_edges_are_short(folder: Path) -> bool:
    """An enlarged edge, black to white, is less grey than with Lanczos alone; plain areas stay."""
    from PIL import Image

    pixels = np.full((SPRITE, SPRITE, 4), 255, np.uint8)
    pixels[:, : SPRITE // 2, :3] = 0
    pixels[:, SPRITE // 2, :3] = 100
    sprite, side = Image.fromarray(pixels, "RGBA"), 7 * SPRITE // 4
    row = np.asarray(scale_sprite(sprite, side).getchannel(0)).astype(int)[side // 2]
    plain = np.asarray(sprite.resize((side, side), Image.Resampling.LANCZOS).getchannel(0)).astype(int)[side // 2]

    def grey(line):
        return np.minimum(line, 255 - line).sum()

    return grey(row) < 0.85 * grey(plain) and row[5] == 0 and row[-5] == 255


def draw_of(rng: random.Random):
    """One colour on another."""

    def draw():
        ground, thing = rng.sample(COLOURS, 2)
        pixels = np.empty((128, 128, 3), np.uint8)
        pixels[:] = ImageColor.getrgb(ground)
        pixels[32:96, 32:96] = ImageColor.getrgb(thing)
        return pixels, f"{thing} on {ground}"

    return draw


def matching_learns(folder: Path) -> bool:
    """Colours and which is where; shuffled pictures are found by chance only."""
    tokenizer = load_tokenizer(STARTER / "tokenizer/tokenizer.json")
    matching.SIZES["tiny"] = matching.MatchingSize(width=48, heads=2, layers=1, pictures=300, batch=64)
    matching.train_matching(draw_of(random.Random(1)), folder, Planes(), tokenizer, Clock(steps=150), size="tiny")
    matcher = matching.load_matcher(folder / matching.FILE, Planes())
    draw = draw_of(random.Random(2))
    examples = [draw() for _ in range(100)]
    pictures, texts = np.stack([picture for picture, _ in examples]), [text for _, text in examples]
    found = score.share_found(matcher, pictures, texts, 20, 0)
    shuffled = score.share_found(matcher, np.roll(pictures, 1, 0), texts, 20, 0)
    print(f"  found {found:.0%}, shuffled {shuffled:.0%}")
    return found > 0.7 and shuffled < 0.25


def drawing_goes_on(folder: Path) -> bool:
    """What was drawn before a stop is not drawn again, and the end is the same."""
    pipeline = load_pipeline(STARTER)
    prompts = [f"{colour} apple" for colour in COLOURS[:3]]
    batch, score.BATCH = score.BATCH, 2
    score.sample = lambda *rest: sample(*rest, steps=2)
    straight = score.draw_all(pipeline, prompts, 5)
    score.draw_all(pipeline, prompts[:2], 5, folder / "kept.npy")
    on = score.draw_all(pipeline, prompts, 5, folder / "kept.npy")
    score.BATCH, score.sample = batch, sample
    return straight.shape == (3, 128, 128, 3) and np.array_equal(straight, on) and len(np.load(folder / "kept.npy")) == 3


def choices_hold_the_right_one(folder: Path) -> bool:
    offered = score.choices(["a", "b", "b", "c", "d"], 1, 3, random.Random(0))
    return offered[0] == "b" and len(set(offered)) == 3


def distance_is_frechets(folder: Path) -> bool:
    """Of normal distributions whose distance is known: 4 · (1² + (3 - 1)²)."""
    torch.manual_seed(0)
    a, b = torch.randn(20000, 4).double(), torch.randn(20000, 4).double() * 3 + 1
    return close(score.distance(a, b), 20, 0.05) and abs(score.distance(a, a)) < 1e-9


TESTS = [
    untrained_enlarger_repeats_pixels,
    enlarger_trains_and_goes_on,
    large_pictures_repeat,
    steepened_edges_are_short,
    matching_learns,
    drawing_goes_on,
    choices_hold_the_right_one,
    distance_is_frechets,
]


def main() -> int:
    failed = 0
    for test in TESTS:
        with tempfile.TemporaryDirectory() as folder:
            ok = test(Path(folder))
        print(f"{'ok' if ok else 'BAD'} {test.__name__}", flush=True)
        failed += not ok
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
