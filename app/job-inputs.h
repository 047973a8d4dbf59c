/* What a job starts from besides words: picture, mask and size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnJobInputs:
 * @width, @height: pixels; 0: the model's own
 * @picture: (nullable): [1, height, width, 3]
 * @mask: (nullable): [1, height, width, 1], 1 where to repaint
 */
typedef struct
{
  int        width, height;
  LimnArray *picture, *mask;
} LimnJobInputs;

void limn_job_inputs_clear (LimnJobInputs *inputs);

/**
 * limn_job_inputs_load:
 *
 * A picture without a size asked for gives its own, brought into the model's steps and limit. Picture and mask are scaled and cut
 * to the size, the mask in the same way as the picture. Of a mask counts how light it is.
 *
 * Returns: %FALSE with an error that names the file
 */
gboolean limn_job_inputs_load (LimnJobInputs       *inputs,
                               const LimnRequest   *request,
                               const LimnModelInfo *model,
                               GError             **error);

G_END_DECLS
