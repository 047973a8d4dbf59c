/* A job of `limn generate`: a request made into one or more pictures on disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/output-place.h"
#include "app/progress.h"
#include "app/request.h"
#include "app/share.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnJob:
 * @request: what to make; unknown fields take the model's defaults, an unknown seed is drawn
 * @output: where to
 * @share: what of it is told in the pictures
 * @dump: (nullable): a folder for intermediate tensors; it is made if it is not there
 * @options: for the engine
 * @json: tell about all pictures at the end, as JSON, in place of a line a picture
 */
typedef struct
{
  LimnRequest       request;
  LimnOutputPlace   output;
  LimnShare         share;
  const char       *dump;
  LimnEngineOptions options;
  LimnProgressMode  progress;
  gboolean          json;
} LimnJob;

/**
 * limn_job_run:
 *
 * Pictures have seeds seed, seed + 1, …; each is on disk before the next one begins.
 *
 * Returns: %FALSE with the engine's error or one of a file
 */
gboolean limn_job_run (LimnJob *job,
                       GError **error);

G_END_DECLS
