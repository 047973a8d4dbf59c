/* What is known of a picture: its settings, what can be made of it, where it came from and what came from it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_FACTS_PANEL (limn_facts_panel_get_type ())

/* Signals: those of #LimnViewer; `open (gint64)`, `compare (gint64)`: another picture of its history. */
G_DECLARE_FINAL_TYPE (LimnFactsPanel, limn_facts_panel, LIMN, FACTS_PANEL, AdwBin)

/* @id: 0: nothing */
void limn_facts_panel_show (LimnFactsPanel *panel,
                            LimnStudio     *studio,
                            gint64          id);

G_END_DECLS
