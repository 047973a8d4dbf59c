/* Named styles as tiles: chosen, brought in, made from what is written, removed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_STYLES_PANE (limn_styles_pane_get_type ())

/*
 * Signals: `toggled (const char *name, gboolean chosen)`; `save (const char *name)`: what is written is to become a style of that name; `message (const char *)`.
 */
G_DECLARE_FINAL_TYPE (LimnStylesPane, limn_styles_pane, LIMN, STYLES_PANE, AdwBin)

/* @names: (array zero-terminated=1): those that are chosen */
void limn_styles_pane_set_chosen (LimnStylesPane    *pane,
                                  const char *const *names);

/* Keeps a style and shows it. */
void limn_styles_pane_save (LimnStylesPane *pane,
                            const char     *name,
                            const char     *prompt,
                            const char     *negative);

G_END_DECLS
