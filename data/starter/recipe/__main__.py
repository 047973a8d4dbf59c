# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe's command line: `python -m recipe COMMAND --help`, from the folder above this one.

In order: autoencoder, decoder (optional), pool (more than once, with other names and seeds), train, export, golden.
"""

import argparse
import os
import sys
import time
from pathlib import Path

DEFAULT_WORK = Path.home() / ".cache" / "limn-recipe"
DEFAULT_MODEL = Path(__file__).resolve().parent.parent
TIMES = 5
SIZES = ["tiny", "small", "large"]


def show_pictures(args: argparse.Namespace) -> None:
    from .pictures import Pictures, save_sheet

    pictures = Pictures(args.data, args.work, args.seed)
    drawn = [pictures.draw() for _ in range(64)]
    import numpy as np

    save_sheet(np.stack([picture for picture, _ in drawn]), args.output)
    print("\n".join(text for _, text in drawn))


def train_autoencoder(args: argparse.Namespace) -> None:
    from .train_autoencoder import train_decoder, train_whole
    from .training import Clock

    train = train_decoder if args.command == "decoder" else train_whole
    train(args.data, args.work, args.squeezenet, Clock(args.minutes, args.steps), args.seed)


def build_pool(args: argparse.Namespace) -> None:
    from .pool import build_pool as build

    build(args.data, args.work, args.name, args.count, args.seed)


def train_generator(args: argparse.Namespace) -> None:
    from .train_generator import train_generator as train
    from .training import Clock

    pools = args.pools or str(args.work / "pool-*.npz")
    clock = Clock(args.minutes, args.steps)
    train(args.work, pools, clock, args.seed, not args.eager, args.finish, args.start)


def export(args: argparse.Namespace) -> None:
    from .export import export as write

    write(args.work, args.folder)


def everything(args: argparse.Namespace) -> None:
    from .everything import everything as make

    make(args.data, args.work, args.squeezenet, args.folder, args.seed)


def golden(args: argparse.Namespace) -> None:
    from .export import write_golden

    write_golden(args.weights, args.folder)


def train_enlarger(args: argparse.Namespace) -> None:
    from .train_enlarger import export_enlarger, read_autoencoder
    from .train_enlarger import train_enlarger as train
    from .training import Clock

    autoencoder = read_autoencoder(args.weights)
    train(args.data, args.work, args.squeezenet, autoencoder, Clock(args.minutes, args.steps), args.seed)
    export_enlarger(args.work, args.folder or args.weights)


def train_matching(args: argparse.Namespace) -> None:
    from .captions import load_tokenizer
    from .examples import training_part
    from .matching import train_matching as train
    from .perceptual import load_features
    from .pipeline import TOKENIZER
    from .training import Clock

    draw = training_part(args.data, args.work, args.seed + 1).example
    network, tokenizer = load_features(args.squeezenet), load_tokenizer(args.weights / TOKENIZER)
    train(draw, args.work, network, tokenizer, Clock(args.minutes, args.steps), args.seed)


def score(args: argparse.Namespace) -> None:
    from .perceptual import load_features
    from .report import report

    report(args.data, args.work, load_features(args.squeezenet), [args.weights, *args.against], args.count, args.seed)


def sample(args: argparse.Namespace) -> None:
    from PIL import Image

    from .pipeline import load_pipeline
    from .pipeline import sample as draw
    from .training import picture_bytes

    pipeline = load_pipeline(args.weights)
    best = float("inf")
    for _ in range(TIMES if args.time else 1):
        began = time.perf_counter()
        picture = draw(pipeline, [args.prompt], args.seed, args.steps)
        best = min(best, time.perf_counter() - began)
    Image.fromarray(picture_bytes(picture)[0]).save(args.output)
    if args.time:
        print(f"{args.steps} steps: {best:.3f} s (best of {TIMES})")


def add_duration(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--minutes", type=float, help="minutes of work, earlier starts included")
    group.add_argument("--steps", type=int, help="steps, earlier starts included; repeatable to the bit on one machine")


def folder_from(variable: str, fallback: Path | None = None) -> dict[str, object]:
    """An option whose default is an environment variable; required where there is none."""
    default = os.environ.get(variable) or fallback
    return {"type": Path, "default": default and Path(default), "required": default is None}


def shared_options() -> dict[str, argparse.ArgumentParser]:
    """Groups of options that several commands have."""
    names = ("work", "data", "squeezenet", "seed", "weights")
    groups = {name: argparse.ArgumentParser(add_help=False) for name in names}
    groups["work"].add_argument("--work", **folder_from("LIMN_WORK", DEFAULT_WORK), help="where the training's files are kept")
    groups["data"].add_argument("--data", **folder_from("LIMN_DATA"), help="folder of the training pictures (LIMN_DATA)")
    groups["squeezenet"].add_argument("--squeezenet", **folder_from("LIMN_SQUEEZENET"), help="folder of squeezenet.py (LIMN_SQUEEZENET)")
    groups["seed"].add_argument("--seed", type=int, default=0)
    groups["weights"].add_argument("--weights", type=Path, default=DEFAULT_MODEL, help="model folder")
    return groups


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recipe", description="The recipe of Limn's starter model.")
    commands = parser.add_subparsers(dest="command", required=True)
    groups = shared_options()
    size = argparse.ArgumentParser(add_help=False)
    size.add_argument("--size", choices=SIZES, default=os.environ.get("LIMN_SIZE", "small"), help="how large the generator is (LIMN_SIZE)")

    def add(name: str, act: object, text: str, *shared: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[size, *(groups[group] for group in shared)])
        command.set_defaults(act=act)
        return command

    command = add("pictures", show_pictures, "draw 64 training pictures and print their captions", "data", "work", "seed")
    command.add_argument("-o", "--output", type=Path, required=True)
    training = ("data", "work", "squeezenet", "seed")
    add_duration(add("autoencoder", train_autoencoder, "train the autoencoder", *training))
    add_duration(add("decoder", train_autoencoder, "train the decoder again, the encoder stays", *training))
    command = add("pool", build_pool, "draw and encode pictures to train on", "data", "work", "seed")
    command.add_argument("--name", default="pool-0")
    command.add_argument("--count", type=int, default=16_000)
    command = add("train", train_generator, "train text encoder and transformer", "work", "seed")
    add_duration(command)
    command.add_argument("--pools", help="pattern of pools to train on; all of the work folder without it")
    command.add_argument("--finish", action="store_true", help="the learning rate comes down until the end; it is level without")
    command.add_argument("--start", type=Path, metavar="FOLDER", help="a new training begins with the weights of this model folder")
    command.add_argument("--eager", action="store_true", help="without torch.compile: starts at once, steps take twice as long")
    command = add("export", export, "write the trained model as a folder", "work")
    command.add_argument("folder", type=Path)
    command = add("enlarger", train_enlarger, "train the enlarger on what a model's autoencoder gives back, and write it", *training, "weights")
    add_duration(command)
    command.add_argument("--folder", type=Path, help="model folder to write to; that of --weights without it")
    add_duration(add("matching", train_matching, "train the network that scores pictures against words", *training, "weights"))
    command = add("score", score, "score models on held-back combinations and plain prompts", *training, "weights")
    command.add_argument("--against", type=Path, action="append", default=[], metavar="FOLDER", help="another model folder; may be repeated")
    command.add_argument("--count", type=int, default=1024, help="pictures a model")
    command = add("all", everything, "the whole recipe, from pictures to a model folder", "work", "seed")
    command.add_argument("folder", type=Path)
    for name in ("data", "squeezenet"):
        command.add_argument(f"--{name}", type=Path, default=os.environ.get(f"LIMN_{name.upper()}"), help="drawn shapes, or nothing, without it")
    command = add("golden", golden, "record a run in f32 from a model folder", "weights")
    command.add_argument("folder", type=Path)
    command = add("sample", sample, "make a picture with PyTorch in bf16", "weights", "seed")
    command.add_argument("prompt")
    command.add_argument("-o", "--output", type=Path, required=True)
    command.add_argument("--steps", type=int, default=20)
    command.add_argument("--time", action="store_true", help="print seconds from prompt to pixels, without loading, best of five")
    return parser


def main() -> int:
    args = make_parser().parse_args()
    os.environ["LIMN_SIZE"] = args.size  # sizes.py, imported by the commands, reads it
    if "work" in args:
        args.work.mkdir(parents=True, exist_ok=True)
    try:
        args.act(args)
    except (FileNotFoundError, ModuleNotFoundError) as error:
        print(f"recipe: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
