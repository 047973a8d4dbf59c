/* What a job starts from besides words: picture, mask and size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/canvas.h"
#include "app/request.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnJobInputs:
 * @width, @height: pixels that the model draws; 0: the model's own
 * @picture: (nullable): [1, height, width, 3]
 * @mask: (nullable): [1, height, width, 1], 1 where to repaint
 * @hints: (element-type LimnArray): of the request's ControlNets, in their order, [1, height, width, 3]
 * @canvas: of a masked job
 */
typedef struct
{
  int        width, height;
  LimnArray *picture, *mask;
  GPtrArray *hints;
  LimnCanvas canvas;
} LimnJobInputs;

void limn_job_inputs_clear (LimnJobInputs *inputs);

/**
 * limn_job_inputs_load:
 * @inputs: (out caller-allocates): holds nothing
 * @picture, @mask: (nullable): [1, h, w, 3] and [1, h, w, 1] in place of the files that @request names
 *
 * A picture without a size asked for gives its own, brought into the model's steps and limit; it is scaled and cut to the size. With a mask, or where it is to
 * grow, see #LimnCanvas. Of a mask counts how light it is.
 *
 * Returns: %FALSE with an error that names the file
 */
gboolean limn_job_inputs_load (LimnJobInputs       *inputs,
                               const LimnRequest   *request,
                               const LimnModelInfo *model,
                               const LimnArray     *picture,
                               const LimnArray     *mask,
                               GError             **error);

/**
 * limn_job_inputs_finish:
 * @image: (inout): what the model made; of a masked job it becomes the whole picture
 * @made: gets its size
 */
void limn_job_inputs_finish (const LimnJobInputs *inputs,
                             LimnArray          **image,
                             LimnRequest         *made);

G_END_DECLS
