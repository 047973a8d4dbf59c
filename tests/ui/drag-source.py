"""Another program: a window that files can be dragged out of, or dropped on; tells what it got.
SPDX-License-Identifier: GPL-3.0-or-later"""
import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402


def on_activate(application, path):
    window = Gtk.ApplicationWindow(application=application, title="Other Program", default_width=160, default_height=160, decorated=False)
    label = Gtk.Label(label="files")
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    source.connect("prepare", lambda *_: Gdk.ContentProvider.new_for_value(Gdk.FileList.new_from_list([Gio.File.new_for_path(path)])))
    label.add_controller(source)
    target = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)

    def on_drop(_target, value, _x, _y):
        for file in value.get_files():
            print("dropped", file.get_path(), flush=True)
        return True

    target.connect("drop", on_drop)
    label.add_controller(target)
    window.set_child(label)
    window.present()


application = Gtk.Application(application_id=None, flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect("activate", on_activate, sys.argv[1])
application.run([])
