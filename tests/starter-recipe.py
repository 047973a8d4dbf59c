#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The starter's recipe runs from nothing to a model folder, and still makes the recorded numbers from the weights that ship.

The first needs PyTorch only: in its smallest size it learns from shapes that it draws. The second needs the recorded numbers.
Exits 77 with the reason where PyTorch is not there.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "data" / "starter"
SHARED = Path(os.environ.get("LIMN_SHARED") or ROOT.parent / "shared")
GOLDEN = SHARED / "starter" / "golden.safetensors"
LIMIT = 1e-11  # the same code gives up to 7e-13 with another number of threads or another processor
SKIP = 77


def skip(reason: str) -> None:
    print(f"skipped: {reason}")
    sys.exit(SKIP)


def nmse(got, wanted) -> float:
    got, wanted = got.double(), wanted.double()
    return ((got - wanted).pow(2).sum() / wanted.pow(2).sum()).item()


def compare(stages, wanted) -> bool:
    """Whether all recorded numbers are met."""
    good = stages.keys() == wanted.keys()
    for name, tensor in wanted.items():
        same = name in stages and stages[name].shape == tensor.shape and stages[name].dtype == tensor.dtype
        error = nmse(stages[name], tensor) if same else float("inf")
        print(f"{name} {error:.3g} {LIMIT:g} {'ok' if error < LIMIT else 'BAD'}")
        good &= error < LIMIT
    return good


def run_tiny(folder: Path) -> Path:
    """The whole recipe in its smallest size, on shapes; the model's folder."""
    command = [sys.executable, "-W", "ignore", "-m", "recipe", "all", "--size", "tiny", "--seed", "3"]
    unset = ("LIMN_DATA", "LIMN_SQUEEZENET", "LIMN_SIZE")
    environment = {name: value for name, value in os.environ.items() if name not in unset} | {"PYTHONDONTWRITEBYTECODE": "1"}
    model = folder / "model"
    subprocess.run([*command, "--work", folder / "work", model], cwd=STARTER, env=environment, check=True)
    return model


def tiny_runs() -> bool:
    """Every part is written, the words reach the picture, and nothing is without a number."""
    from safetensors.torch import load_file

    with tempfile.TemporaryDirectory() as folder:
        model = run_tiny(Path(folder))
        index = json.loads((model / "model_index.json").read_text(encoding="utf-8"))
        complete = all((model / part).is_dir() for part in index if not part.startswith("_"))
        width = json.loads((model / "transformer/config.json").read_text(encoding="utf-8"))["hidden_size"]
        stages = load_file(model / "golden.safetensors")
    finite = all(tensor.isfinite().all() for tensor in stages.values())
    moved = stages["velocity-0.5"].abs().max() > 0  # an untrained generator gives 0
    told = not stages["text"][0].equal(stages["text"][1])
    good = complete and width == 64 and finite and bool(moved) and told
    print(f"the whole recipe, tiny: {'ok' if good else 'BAD'}")
    return good


def main() -> int:
    try:
        import numpy  # noqa: F401
        import tokenizers  # noqa: F401
        from safetensors.torch import load_file
    except ImportError as error:
        skip(f"{error}; install data/starter/recipe/requirements.txt")
    sys.dont_write_bytecode = True
    good = tiny_runs()
    if not GOLDEN.exists():
        print("recorded numbers skipped: starter/golden.safetensors is not there; LIMN_SHARED names the folder above it")
        return 0 if good else 1
    sys.path.insert(0, str(STARTER))
    from recipe import golden
    from recipe.pipeline import load_pipeline

    return 0 if compare(golden.run(load_pipeline(STARTER)), load_file(GOLDEN)) and good else 1


if __name__ == "__main__":
    sys.exit(main())
