"""The window from a prompt to a picture and back: made, found, deleted, undone; the worker killed; the window closed.
SPDX-License-Identifier: GPL-3.0-or-later"""
import os
import signal
import subprocess
import time

from desktop import STATE, Studio, run, wait_for, walk

# What has a name for its own sake; containers and parts of other controls need none.
NAMED = {"push button", "toggle button", "check box", "entry", "text", "combo box", "slider", "spin button", "image", "list", "table", "list item", "menu item", "link"}
# Parts of GTK's controls that speak through the control they are in.
PARTS = {"combo box", "spin button", "push button"}


def make(studio, prompt, seconds=120):
    before = len(studio.pictures())
    studio.prompt(prompt)
    studio.key("ctrl+Return")
    wait_for("a picture", lambda: len(studio.pictures()) > before, seconds)


def prompt_to_picture():
    with Studio() as studio:
        make(studio, "a red apple")
        wait_for("its tile", lambda: any("a red apple" in tile.get_name() for tile in studio.tiles()))
        (picture,) = studio.pictures()
        assert picture["prompt"] == "a red apple" and picture["model"] == "starter", picture
        studio.close()


def search_and_undo():
    with Studio() as studio:
        make(studio, "a blue boat")
        make(studio, "a green tree")
        wait_for("two tiles", lambda: len(studio.tiles()) == 2)
        studio.key("ctrl+f")
        studio.write("boat")
        wait_for("the search", lambda: [tile.get_name() for tile in studio.tiles() if studio.extents(tile)[2] > 0] == ["a blue boat"])
        studio.key("Escape")
        wait_for("all again", lambda: len(studio.tiles()) == 2)
        studio.click(studio.tiles()[0])
        studio.key("Delete")
        wait_for("the trash", lambda: len(studio.pictures()) == 1)
        studio.key("ctrl+z")
        wait_for("the undo", lambda: len(studio.pictures()) == 2)
        studio.click(studio.tiles()[0])
        studio.key("4")
        wait_for("the stars", lambda: len(studio.pictures("rating:4")) == 1)


def survives_restart():
    with Studio() as studio:
        studio.prompt("something (unfinished:1.2)")
        time.sleep(1.5)
        studio.process.send_signal(signal.SIGKILL)
        studio.process.wait()
        with Studio(folder=studio.folder) as again:
            text = again.find("text", "Prompt").get_text_iface()
            assert text.get_text(0, -1) == "something (unfinished:1.2)", text.get_text(0, -1)


def worker_of(studio):
    out = subprocess.run(["pgrep", "-P", str(studio.process.pid), "-f", "limn-engine"], capture_output=True, text=True, check=False).stdout.split()
    return int(out[0]) if out else None


def long_job(studio):
    """Of many steps, so that it can be caught at work."""
    studio.prompt("a slow snail")
    node = studio.find("spin button", "Steps")
    studio.click(node)
    studio.key("ctrl+a")
    studio.write("200")
    studio.key("Tab")
    studio.key("ctrl+Return")
    return wait_for("the job at work", lambda: next((job for job in studio.jobs() if job["state"] == "running" and job.get("step", 0) >= 3), None))


def worker_killed():
    with Studio() as studio:
        job = long_job(studio)
        os.kill(wait_for("the worker", lambda: worker_of(studio)), signal.SIGKILL)
        wait_for("the picture all the same", lambda: len(studio.pictures()) == 1, 240)
        assert next(j for j in studio.jobs() if j["id"] == job["id"])["state"] == "done"


def closed_while_working():
    with Studio() as studio:
        long_job(studio)
        studio.close()
        states = [job["state"] for job in studio.jobs()]
        assert states == ["queued"], states
        with Studio(folder=studio.folder) as again:
            wait_for("the picture after the next start", lambda: len(again.pictures()) == 1, 240)


def viewer():
    with Studio() as studio:
        make(studio, "a yellow bird")
        wait_for("its tile", studio.tiles)
        studio.click(studio.tiles()[0], times=2)
        studio.find("push button", "Back to the Gallery")
        vary = wait_for("the actions", lambda: next(n for n in studio.all("push button") if "Vary" in n.get_name() and studio.extents(n)[2] > 0))
        assert vary.get_action_iface().do_action(0)
        wait_for("the variation", lambda: len(studio.pictures()) == 2, 120)
        studio.key("Escape")
        wait_for("the gallery", lambda: len(studio.tiles()) == 2)


def welcome_once():
    with Studio(welcome=True) as studio:
        def dialog():
            return next((n for n in walk(studio.frame.get_application()) if n.get_name() == "Say what you would like to see"), None)

        wait_for("the welcome", dialog)
        studio.key("Return")
        time.sleep(2)  # GTK 4.8 complains when a window is asked for while it goes
        assert not dialog()
        studio.close()
        with Studio(folder=studio.folder, welcome=True) as again:
            time.sleep(1.5)
            assert not [n for n in walk(again.frame.get_application()) if n.get_name() == "Say what you would like to see"]


def within(node, roles):
    parent = node.get_parent()
    while parent is not None:
        if parent.get_role_name() in roles:
            return True
        parent = parent.get_parent()
    return False


def nameless(studio):
    found = []
    for node in walk(studio.frame):
        role, name = node.get_role_name(), node.get_name()
        if role not in NAMED or within(node, PARTS):
            continue
        if not node.get_state_set().contains(STATE.VISIBLE):
            continue
        if not name or name.startswith(("Gtk", "Limn", "Adw")):
            found.append(f"{role} “{name}” at {studio.extents(node)}")
    return found


def everything_is_named():
    with Studio() as studio:
        make(studio, "a name")
        studio.key("F8")
        wait_for("a tile", studio.tiles)
        assert not nameless(studio), "\n".join(nameless(studio))
        studio.click(studio.tiles()[0], times=2)
        studio.find("push button", "Back to the Gallery")
        time.sleep(1)
        assert not nameless(studio), "\n".join(nameless(studio))


if __name__ == "__main__":
    run([prompt_to_picture, search_and_undo, survives_restart, worker_killed, closed_while_working, viewer, welcome_once, everything_is_named])
