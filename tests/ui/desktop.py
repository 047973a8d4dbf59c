"""Drives the window as a person would: keys and the mouse by xdotool, what a screen reader sees by AT-SPI.
SPDX-License-Identifier: GPL-3.0-or-later"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

WAIT = float(os.environ.get("LIMN_UI_WAIT", "60"))
STATE = Atspi.StateType


def xdo(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def wait_for(what, test, seconds=None):
    """Waits until test() gives something; fails with what it was that did not come."""
    end = time.monotonic() + (seconds or WAIT)
    while time.monotonic() < end:
        try:
            found = test()
        except AssertionError:
            raise
        except Exception:  # what is being looked at may vanish meanwhile
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: did not come")


def children(node):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield child


def walk(node):
    yield node
    for child in children(node):
        yield from walk(child)


def shown(node):
    states = node.get_state_set()
    return states.contains(STATE.VISIBLE) and states.contains(STATE.SHOWING) if states.contains(STATE.SHOWING) else states.contains(STATE.VISIBLE)


class Studio:
    """A window of its own: library, settings, state in a folder that goes with it."""

    def __init__(self, folder=None, welcome=False, environment=None):
        self.owner = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="limn-ui-")
        self.environment = dict(os.environ, LIMN_DATA_DIR=self.folder, XDG_CONFIG_HOME=self.folder + "/config", XDG_STATE_HOME=self.folder + "/state",
                                XDG_CACHE_HOME=self.folder + "/cache", GDK_BACKEND="x11", GSK_RENDERER="cairo", **(environment or {}))
        if not welcome:
            self.limn("settings", "welcomed", "true")
        self.log = open(self.folder + "/studio.log", "a", encoding="utf-8")
        self.process = subprocess.Popen([os.environ["LIMN_STUDIO"]], env=self.environment, stderr=self.log, stdout=self.log)
        self.frame = wait_for("the window", self._frame)
        self.window = wait_for("the window's number", self._window)

    def _frame(self):
        assert self.process.poll() is None, "the window's program ended: " + self.errors()
        desktop = Atspi.get_desktop(0)
        for application in children(desktop):
            if application.get_process_id() == self.process.pid:
                for frame in children(application):
                    return frame
        return None

    def _window(self):
        out = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid), "--name", "Limn"], capture_output=True, text=True, check=False).stdout.split()
        return out[0] if out else None

    def errors(self):
        with open(self.folder + "/studio.log", encoding="utf-8") as log:
            return log.read()

    def limn(self, *words):
        return subprocess.run([os.environ["LIMN_PROGRAM"], *words], env=self.environment, capture_output=True, text=True, check=False)

    def pictures(self, query=""):
        assert self.process.poll() is None or self.process.returncode == 0, f"the window's program ended with {self.process.returncode}"
        answer = self.limn("library", "search", query, "--json") if query else self.limn("library", "list", "--json")
        return json.loads(answer.stdout or "[]")

    def jobs(self):
        return json.loads(self.limn("queue", "list", "--json").stdout or "[]")

    # --- what is seen

    def all(self, role=None, name=None, root=None):
        return [node for node in walk(root or self.frame) if (role is None or node.get_role_name() == role) and (name is None or node.get_name() == name)]

    def find(self, role, name, seconds=None):
        def look():
            for node in self.all(role, name):
                if self.extents(node)[2] > 0:
                    return node
            return None

        return wait_for(f"{role} “{name}”", look, seconds)

    def tiles(self):
        """The pictures of the gallery."""
        table = self.all("table", "Pictures")
        return [node for node in walk(table[0]) if node.get_role_name() == "image"] if table else []

    def extents(self, node):
        box = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return box.x, box.y, box.width, box.height

    def origin(self):
        """Of what AT-SPI counts from, on the screen: the window without its shadow."""
        out = subprocess.run(["xdotool", "getwindowgeometry", "--shell", self.window], capture_output=True, text=True, check=True).stdout
        values = dict(line.split("=") for line in out.split())
        frame = self.extents(self.frame)
        margin_x = (int(values["WIDTH"]) - frame[2]) // 2
        margin_y = (int(values["HEIGHT"]) - frame[3]) // 2
        return int(values["X"]) + margin_x, int(values["Y"]) + margin_y

    def middle(self, node):
        x, y, w, h = self.extents(node)
        left, top = self.origin()
        return left + x + w // 2, top + y + h // 2

    # --- what is done

    def press(self, role, name):
        node = self.find(role, name)
        assert node.get_action_iface().do_action(0), f"{role} “{name}” cannot be pressed"

    def click(self, node, button=1, times=1):
        x, y = self.middle(node)
        xdo("mousemove", x, y)
        xdo("click", "--repeat", times, "--delay", 80, button)

    def key(self, *keys):
        for key in keys:
            xdo("key", "--clearmodifiers", key)

    def write(self, text):
        xdo("type", "--delay", "12", text)

    def prompt(self, text):
        self.click(self.find("text", "Prompt"))
        self.key("ctrl+a")
        self.write(text)
        self.key("Escape")  # no completion is wanted

    def drag(self, begin, end, source=None):
        """From one point of the screen to another, slowly, as people do."""
        xdo("mousemove", *begin)
        time.sleep(0.2)
        xdo("mousedown", 1)
        for i in range(1, 21):
            xdo("mousemove", begin[0] + (end[0] - begin[0]) * i // 20, begin[1] + (end[1] - begin[1]) * i // 20)
            time.sleep(0.05)
        time.sleep(0.5)
        xdo("mouseup", 1)
        time.sleep(0.5)

    def close(self):
        self.key("ctrl+q")
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("the program did not end") from None
        assert self.process.returncode == 0, f"it ended with {self.process.returncode}: {self.errors()}"

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.process.poll() is None:
            if error is not None:
                picture = os.environ.get("LIMN_UI_SHOT")
                if picture:
                    subprocess.run(["import", "-window", "root", picture], check=False)
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.log.close()
        if error is not None:
            for line in self.errors().splitlines():
                print("# " + line, flush=True)
        complaints = [line for line in self.errors().splitlines() if "CRITICAL" in line or "WARNING" in line]
        if self.owner:
            shutil.rmtree(self.folder, ignore_errors=True)
        if error is None:
            assert not complaints, "\n".join(complaints)


def start_desktop():
    """A window manager: drags need one."""
    manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    return manager


def run(tests):
    """Runs functions that take nothing and prints TAP."""
    only = sys.argv[1:]
    tests = [test for test in tests if not only or test.__name__ in only]
    manager = start_desktop()
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} /ui/{test.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} /ui/{test.__name__}", flush=True)
            for line in traceback.format_exc().splitlines():
                print("# " + line, flush=True)
    manager.terminate()
    sys.exit(1 if failed else 0)
