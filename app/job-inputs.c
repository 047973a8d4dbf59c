/* What a job starts from besides words: picture, mask and size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-inputs.h"

#include "app/picture-file.h"

void
limn_job_inputs_clear (LimnJobInputs *inputs)
{
  g_clear_pointer (&inputs->picture, limn_array_free);
  g_clear_pointer (&inputs->mask, limn_array_free);
}

/* The nearest size that the model takes. */
static int
snap (double               side,
      const LimnModelInfo *model)
{
  int step = MAX (model->size_step, 1);

  return MAX ((int) (side / step + 0.5), 1) * step;
}

static void
take_size (LimnJobInputs       *inputs,
           const LimnPicture   *picture,
           const LimnModelInfo *model)
{
  double longest = MAX (picture->width, picture->height);
  double scale = model->max_size > 0 && longest > model->max_size ? model->max_size / longest : 1;

  inputs->width = snap (picture->width * scale, model);
  inputs->height = snap (picture->height * scale, model);
  if (model->native > 0)
    inputs->width = inputs->height = MIN (MAX (inputs->width, inputs->height), model->max_size);
}

/* Luma of ITU-R BT.709 */
static LimnArray *
lightness (const LimnArray *rgb)
{
  LimnArray *mask = limn_array_new ((LimnShape){ 1, rgb->shape.h, rgb->shape.w, 1 });

  for (gsize i = 0; i < limn_shape_positions (rgb->shape); i++)
    mask->data[i] = 0.2126f * rgb->data[3 * i] + 0.7152f * rgb->data[3 * i + 1] + 0.0722f * rgb->data[3 * i + 2];

  return mask;
}

static gboolean
load_mask (LimnJobInputs     *inputs,
           const LimnRequest *request,
           const LimnPicture *picture,
           GError           **error)
{
  g_autoptr (LimnPicture) mask = limn_picture_file_read (request->mask, LIMN_PICTURE_PIXELS, error);
  g_autoptr (LimnArray) light = NULL;

  if (mask == NULL)
    return FALSE;
  if (mask->width != picture->width || mask->height != picture->height)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
                   "%s: is %dx%d, but %s is %dx%d: make the mask as large as the picture",
                   request->mask, mask->width, mask->height, request->picture, picture->width,
                   picture->height);
      return FALSE;
    }

  light = lightness (mask->pixels);
  inputs->mask = limn_picture_fit (light, inputs->width, inputs->height);
  return TRUE;
}

gboolean
limn_job_inputs_load (LimnJobInputs       *inputs,
                      const LimnRequest   *request,
                      const LimnModelInfo *model,
                      GError             **error)
{
  g_autoptr (LimnPicture) picture = NULL;

  *inputs = (LimnJobInputs){ .width = MAX (request->width, 0), .height = MAX (request->height, 0) };
  if (request->picture == NULL)
    return TRUE;

  picture = limn_picture_file_read (request->picture, LIMN_PICTURE_PIXELS, error);
  if (picture == NULL)
    return FALSE;

  if (inputs->width == 0 || inputs->height == 0)
    take_size (inputs, picture, model);
  if (MAX (inputs->width, inputs->height) > model->max_size && model->max_size > 0)
    return TRUE; /* the engine refuses the size with what it can do; scaling up to it first would take the memory */

  inputs->picture = limn_picture_fit (picture->pixels, inputs->width, inputs->height);
  return request->mask == NULL || load_mask (inputs, request, picture, error);
}
