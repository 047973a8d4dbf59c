/* The main window: prompt, gallery, styles; three panes that fold where it is narrow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_WINDOW (limn_window_get_type ())
G_DECLARE_FINAL_TYPE (LimnWindow, limn_window, LIMN, WINDOW, AdwApplicationWindow)

LimnWindow *limn_window_new (GtkApplication *application,
                             LimnStudio     *studio);

/* Tells something for a moment. */
void limn_window_tell (LimnWindow *window,
                       const char *text);

/* Takes files into the library. */
void limn_window_import (LimnWindow        *window,
                         const char *const *paths);

G_END_DECLS
