/* What pictures took, measured: estimates of what others will take.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/database.h"
#include "app/request.h"

G_BEGIN_DECLS

/**
 * LimnTiming:
 * @steps: those asked for, or the ones that the model took last time; 0 while unknown
 * @step_seconds, @rest_seconds: of a step, and of all else (loading, the words, decoding); negative while unknown
 * @memory: bytes; 0 while unknown
 * @exact: it was measured at this size
 */
typedef struct
{
  int      steps;
  double   step_seconds, rest_seconds;
  gint64   memory;
  gboolean exact;
} LimnTiming;

/* Returns: (transfer full): the name under which a request's model is measured */
char *limn_timing_model (const LimnRequest *request);

/**
 * limn_timing_find:
 *
 * Takes what was measured with the same model at the same size, else at the size next to it by number of pixels: times and memory go with that number.
 */
gboolean limn_timing_find (LimnDatabase      *database,
                           const LimnRequest *request,
                           LimnTiming        *timing,
                           GError           **error);

/* Keeps what @request took at @width × @height, in a transaction; half of it counts from what was known before. */
gboolean limn_timing_keep (LimnDatabase      *database,
                           const LimnRequest *request,
                           int                width,
                           int                height,
                           const LimnTiming  *timing,
                           GError           **error);

G_END_DECLS
