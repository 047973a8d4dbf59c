"""Real drags, by XDND: files of another program on gallery, prompt and picture; pictures out to another program.
SPDX-License-Identifier: GPL-3.0-or-later"""
import os
import select
import subprocess
import sys
import time

from desktop import Studio, run, wait_for, xdo
from studio import make

HERE = os.path.dirname(os.path.abspath(__file__))


class Other:
    """Another program's window, in the corner of the screen."""

    def __init__(self, path):
        self.process = subprocess.Popen([sys.executable, HERE + "/drag-source.py", path], stdout=subprocess.PIPE, text=True)
        self.window = wait_for("the other window", self._window)
        xdo("windowmove", self.window, 1210, 720)
        xdo("windowraise", self.window)
        time.sleep(0.5)

    def _window(self):
        return (subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Other Program"], capture_output=True, text=True, check=False).stdout.split() or [None])[0]

    def middle(self):
        out = subprocess.run(["xdotool", "getwindowgeometry", "--shell", self.window], capture_output=True, text=True, check=True).stdout
        values = dict(line.split("=") for line in out.split())
        return int(values["X"]) + int(values["WIDTH"]) // 2, int(values["Y"]) + int(values["HEIGHT"]) // 2

    def line(self, seconds=15):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return self.process.stdout.readline().strip() if ready else ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def make_file(studio, prompt):
    """A picture with settings in it, outside of the library."""
    path = studio.folder + "/outside.png"
    answer = studio.limn("generate", prompt, "--steps", "2", "--size", "128x128", "--seed", "77", "-o", path)
    assert answer.returncode == 0, answer.stderr
    return path


def gallery_takes_files():
    with Studio() as studio:
        with Other(make_file(studio, "a dragged boat")) as other:
            x, y = studio.origin()
            studio.drag(other.middle(), (x + 650, y + 400))
            wait_for("the import", lambda: [p["prompt"] for p in studio.pictures()] == ["a dragged boat"], 20)


def prompt_takes_settings():
    with Studio() as studio:
        with Other(make_file(studio, "settings of a boat")) as other:
            studio.drag(other.middle(), studio.middle(studio.find("text", "Prompt")))
            text = studio.find("text", "Prompt").get_text_iface()
            wait_for("the prompt", lambda: text.get_text(0, -1) == "settings of a boat", 20)
            assert studio.pictures() == []


def source_takes_files():
    with Studio() as studio:
        with Other(make_file(studio, "a start")) as other:
            studio.drag(other.middle(), studio.middle(studio.find("label", "Drop a picture here to start from it")))
            wait_for("the start", lambda: studio.find("label", "Starts from this picture", 20))


def pictures_go_out():
    with Studio() as studio:
        make(studio, "a picture to take along")
        wait_for("its tile", studio.tiles)
        xdo("windowmove", studio.window, 0, 0)  # the click on the tile raises the window: it must not cover the other one
        xdo("windowsize", studio.window, 1180, 700)
        time.sleep(1)
        with Other(studio.folder + "/nothing") as other:
            studio.drag(studio.middle(studio.tiles()[0]), other.middle())
            line = other.line()
            assert line.startswith("dropped "), line
            path = line.split(" ", 1)[1]
            hashes = [subprocess.run(["sha256sum"], stdin=open(path, "rb"), capture_output=True, check=True, text=True).stdout.split()[0]]
            assert [p["sha256"] for p in studio.pictures()] == hashes, "the file is not the library's, byte for byte"


def tile_starts_a_picture():
    with Studio() as studio:
        make(studio, "a first one")
        wait_for("its tile", studio.tiles)
        studio.drag(studio.middle(studio.tiles()[0]), studio.middle(studio.find("label", "Drop a picture here to start from it")))
        studio.find("label", "Starts from this picture", 20)
        make(studio, "a second one")
        newest = studio.pictures()[0]
        assert newest["prompt"] == "a second one" and len(newest["parents"]) == 1, newest


if __name__ == "__main__":
    run([gallery_takes_files, prompt_takes_settings, source_takes_files, pictures_go_out, tile_starts_a_picture])
