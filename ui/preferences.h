/* What holds for every picture, and how the program behaves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PREFERENCES (limn_preferences_get_type ())

/* Signal `folders ()`: the folders of models have changed. */
G_DECLARE_FINAL_TYPE (LimnPreferences, limn_preferences, LIMN, PREFERENCES, AdwPreferencesWindow)

GtkWidget *limn_preferences_new (GtkWindow  *parent,
                                 LimnStudio *studio);

G_END_DECLS
