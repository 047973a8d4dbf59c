/* What a model takes where nothing is asked for, found out without loading it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/error.h"

G_BEGIN_DECLS

/**
 * LimnModelDefaults:
 * @family: "starter", "sd15", …; @label: as people read it
 * @width, @height: of a picture; @size_step: sizes are multiples of it; @max_size: 0: none
 * @native: side of the squares that it draws, if these only; 0: any size
 */
typedef struct
{
  char  *family, *label;
  int    width, height, size_step, max_size, native, steps;
  double guidance;
  char  *sampler, *schedule;
} LimnModelDefaults;

void limn_model_defaults_free (LimnModelDefaults *defaults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnModelDefaults, limn_model_defaults_free)

/**
 * limn_model_defaults_read:
 * @model: (nullable): a name or a path; %NULL: the starter
 *
 * Reads headers only. Any thread; waits for the disk.
 *
 * Returns: (transfer full): or %NULL with the engine's or a file's error
 */
LimnModelDefaults *limn_model_defaults_read (const char *model,
                                             GError    **error);

void               limn_model_defaults_read_async (const char         *model,
                                                   GCancellable       *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer            data);
LimnModelDefaults *limn_model_defaults_read_finish (GAsyncResult *result,
                                                    GError      **error);

G_END_DECLS
