#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The starter's recipe still makes the recorded numbers from the weights that ship.

Exits 77 with the reason where PyTorch or the recorded numbers are not there.
"""

import os
import sys
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


def main() -> int:
    if not GOLDEN.exists():
        skip("starter/golden.safetensors is not there; LIMN_SHARED names the folder above it")
    try:
        import numpy  # noqa: F401
        import tokenizers  # noqa: F401
        from safetensors.torch import load_file
    except ImportError as error:
        skip(f"{error}; install data/starter/recipe/requirements.txt")
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(STARTER))
    from recipe import golden
    from recipe.pipeline import load_pipeline

    stages, wanted = golden.run(load_pipeline(STARTER)), load_file(GOLDEN)
    failed = stages.keys() != wanted.keys()
    for name, tensor in wanted.items():
        same = name in stages and stages[name].shape == tensor.shape and stages[name].dtype == tensor.dtype
        error = nmse(stages[name], tensor) if same else float("inf")
        print(f"{name} {error:.3g} {LIMIT:g} {'ok' if error < LIMIT else 'BAD'}")
        failed |= not error < LIMIT
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
