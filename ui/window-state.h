/* How the window was when it was closed: its size, which panes were open.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Prompt, library, styles. */
#define LIMN_WINDOW_PANES 3

void limn_window_state_restore (GtkWindow *window,
                                AdwFlap   *panes[LIMN_WINDOW_PANES],
                                GSettings *settings);
void limn_window_state_remember (GtkWindow *window,
                                 AdwFlap   *panes[LIMN_WINDOW_PANES],
                                 GSettings *settings);

G_END_DECLS
