/* The log: what happened, for whoever looks for a fault.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full): where the log and crash reports are: `limn` in $XDG_STATE_HOME */
char *limn_log_folder (void);

/**
 * limn_log_init:
 * @settings: (nullable)
 *
 * From now on, messages of this level and worse go to standard error and, a line each, into limn.log, which gives way to limn.log.1 when it has a megabyte:
 * $LIMN_LOG (error, warning, info, debug), else the settings' log-level. Nothing that an artist wrote is logged. Once, before there are threads.
 */
void limn_log_init (GSettings *settings);

G_END_DECLS
