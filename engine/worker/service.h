/* What limn-engine serves to its one client.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LimnServiceOptions:
 * @sandbox: (array zero-terminated=1) (nullable): what is in force, for the client
 * @leave: the process is to end at once when the connection closes; what it computes is nobody's business any more. %FALSE: what runs is
 *   cancelled and waited for
 */
typedef struct
{
  const char *const *sandbox;
  gboolean           leave;
} LimnServiceOptions;

/**
 * limn_service_run:
 * @stream: to the client
 *
 * Serves until the client closes. The calling thread answers, in a main context of its own; another one computes.
 *
 * Returns: %FALSE if there never was a client that speaks D-Bus
 */
gboolean limn_service_run (GIOStream                *stream,
                           const LimnServiceOptions *options,
                           GError                  **error);

G_END_DECLS
