/* The artist's settings: one file for the window and the command line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * limn_settings_new:
 *
 * Keys are those of data/schemas/app.limn.Limn.gschema.xml. They are kept in `limn/settings.ini` in $XDG_CONFIG_HOME, whatever the desktop has for it, so that
 * they are the same where there is none.
 *
 * Returns: (transfer full) (nullable): %NULL where the schema is not installed; then everything is as it is by default
 */
GSettings *limn_settings_new (void);

/* Returns: (transfer full): of all keys, sorted; empty if @settings is %NULL */
char **limn_settings_keys (GSettings *settings);

/**
 * limn_settings_take_engine:
 * @settings: (nullable)
 *
 * Fills in what @options and the environment leave open. Texts belong to @settings' program for good.
 */
void limn_settings_take_engine (GSettings         *settings,
                                LimnEngineOptions *options);

/* Returns: how long limn-engine keeps its model without work, as LimnEngineClientOptions has it */
int limn_settings_idle_ms (GSettings *settings);

G_END_DECLS
