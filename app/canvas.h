/* What a masked job works on: the part of a picture that the model sees, and how the result goes back into it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnCanvas:
 * @picture: [1, H, W, 3], as large as the result will be; grown at its edges where that was asked for
 * @mask: [1, H, W, 1]: how much of the new there will be, 0…1
 * @x, @y, @w, @h: the part that the model sees; may hang over the edges, beyond which the picture's last pixels go on
 * @width, @height: in what size it sees that
 */
typedef struct
{
  LimnArray *picture, *mask;
  double     x, y, w, h;
  int        width, height;
} LimnCanvas;

void limn_canvas_clear (LimnCanvas *canvas);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnCanvas, limn_canvas_clear)

/**
 * limn_canvas_init:
 * @canvas: holds nothing
 * @picture: [1, h, w, 3]; @mask: (nullable): [1, h, w, 1], of the same size
 * @model: its sizes
 *
 * Applies @request's expand, size (that of the result), mask_feather and mask_area.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE or %LIMN_APP_ERROR_RANGE: an expansion that cannot be read, a mask without a place to repaint
 */
gboolean limn_canvas_init (LimnCanvas          *canvas,
                           const LimnArray     *picture,
                           const LimnArray     *mask,
                           const LimnRequest   *request,
                           const LimnModelInfo *model,
                           GError             **error);

/* Returns: (transfer full): the part that the model sees, of @of, which is @canvas->picture or @canvas->mask */
LimnArray *limn_canvas_crop (const LimnCanvas *canvas,
                             const LimnArray  *of);

/**
 * limn_canvas_paste:
 * @image: [1, h, w, 3], what the model made of the part, in any size
 *
 * Returns: (transfer full): the whole picture; where the mask is 0, its values are those that it had
 */
LimnArray *limn_canvas_paste (const LimnCanvas *canvas,
                              const LimnArray  *image);

/**
 * limn_canvas_model_size:
 *
 * Brings a size into the model's steps and below its limit; of a model that draws squares only, it is a square.
 */
void limn_canvas_model_size (const LimnModelInfo *model,
                             double               w,
                             double               h,
                             int                 *width,
                             int                 *height);

G_END_DECLS
