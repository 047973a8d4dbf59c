/* What a job starts from besides words: picture, mask and size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-inputs.h"

#include "app/control/pictures.h"
#include "app/picture-file.h"

void
limn_job_inputs_clear (LimnJobInputs *inputs)
{
  g_clear_pointer (&inputs->picture, limn_array_free);
  g_clear_pointer (&inputs->mask, limn_array_free);
  g_clear_pointer (&inputs->hints, g_ptr_array_unref);
  limn_canvas_clear (&inputs->canvas);
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

/* Returns: (transfer full): the pixels of @file, unless they are @given */
static LimnArray *
load_pixels (const char      *file,
             const LimnArray *given,
             GError         **error)
{
  g_autoptr (LimnPicture) picture = NULL;

  if (given != NULL)
    return limn_array_copy (given);
  picture = limn_picture_file_read (file, LIMN_PICTURE_PIXELS, error);
  return picture != NULL ? g_steal_pointer (&picture->pixels) : NULL;
}

static LimnArray *
load_mask (const LimnRequest *request,
           const LimnArray   *given,
           LimnShape          picture,
           GError           **error)
{
  g_autoptr (LimnArray) mask = load_pixels (request->mask, given, error);

  if (mask == NULL)
    return NULL;
  if (mask->shape.w == picture.w && mask->shape.h == picture.h)
    return mask->shape.c == 3 ? lightness (mask) : g_steal_pointer (&mask);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s: is %dx%d, but %s is %dx%d: make the mask as large as the picture",
               request->mask ? request->mask : "mask", mask->shape.w, mask->shape.h, request->picture ? request->picture : "the picture", picture.w, picture.h);
  return NULL;
}

static gboolean
take_masked (LimnJobInputs       *inputs,
             const LimnArray     *pixels,
             const LimnRequest   *request,
             const LimnModelInfo *model,
             const LimnArray     *given,
             GError             **error)
{
  gboolean masked = request->mask != NULL || given != NULL;
  g_autoptr (LimnArray) mask = masked ? load_mask (request, given, pixels->shape, error) : NULL;

  if ((masked && mask == NULL) || !limn_canvas_init (&inputs->canvas, pixels, mask, request, model, error))
    return FALSE;

  inputs->width = inputs->canvas.width;
  inputs->height = inputs->canvas.height;
  inputs->picture = limn_canvas_crop (&inputs->canvas, inputs->canvas.picture);
  inputs->mask = limn_canvas_crop (&inputs->canvas, inputs->canvas.mask);
  return TRUE;
}

/* Where the picture is as large as the canvas, what steers is cut out as the part is. */
static LimnArray *
fit_hint (const LimnJobInputs *inputs,
          const LimnArray     *pixels,
          int                  width,
          int                  height)
{
  const LimnArray *canvas = inputs->canvas.picture;

  if (canvas != NULL && canvas->shape.w == pixels->shape.w && canvas->shape.h == pixels->shape.h)
    return limn_canvas_crop (&inputs->canvas, pixels);
  return limn_picture_fit (pixels, width, height);
}

static gboolean
load_hints (LimnJobInputs       *inputs,
            const LimnRequest   *request,
            const LimnModelInfo *model,
            GError             **error)
{
  int width = inputs->width > 0 ? inputs->width : model->width, height = inputs->height > 0 ? inputs->height : model->height;

  inputs->hints = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_array_free);
  for (guint i = 0; request->controls != NULL && i < request->controls->len; i++)
    {
      const LimnRequestControl *control = request->controls->pdata[i];
      LimnControlMaker          make = limn_control_maker (control->kind);
      g_autoptr (LimnArray) pixels = load_pixels (control->picture, NULL, error);
      g_autoptr (LimnArray) fitted = pixels != NULL ? fit_hint (inputs, pixels, width, height) : NULL;

      if (fitted == NULL)
        return FALSE;
      g_ptr_array_add (inputs->hints, make != NULL ? make (fitted) : g_steal_pointer (&fitted));
    }
  return TRUE;
}

static gboolean
load_start (LimnJobInputs       *inputs,
            const LimnRequest   *request,
            const LimnModelInfo *model,
            const LimnArray     *picture,
            const LimnArray     *mask,
            GError             **error)
{
  g_autoptr (LimnArray) pixels = NULL;

  if (request->picture == NULL && picture == NULL)
    return TRUE;

  pixels = load_pixels (request->picture, picture, error);
  if (pixels == NULL)
    return FALSE;
  if (request->mask != NULL || mask != NULL || request->expand != NULL)
    return take_masked (inputs, pixels, request, model, mask, error);

  if (inputs->width == 0 || inputs->height == 0)
    limn_canvas_model_size (model, pixels->shape.w, pixels->shape.h, &inputs->width, &inputs->height);
  if (MAX (inputs->width, inputs->height) > model->max_size && model->max_size > 0)
    return TRUE; /* the engine refuses the size with what it can do; scaling up to it first would take the memory */

  inputs->picture = limn_picture_fit (pixels, inputs->width, inputs->height);
  return TRUE;
}

gboolean
limn_job_inputs_load (LimnJobInputs       *inputs,
                      const LimnRequest   *request,
                      const LimnModelInfo *model,
                      const LimnArray     *picture,
                      const LimnArray     *mask,
                      GError             **error)
{
  *inputs = (LimnJobInputs){ .width = MAX (request->width, 0), .height = MAX (request->height, 0) };
  return load_start (inputs, request, model, picture, mask, error) && load_hints (inputs, request, model, error);
}

void
limn_job_inputs_finish (const LimnJobInputs *inputs,
                        LimnArray          **image,
                        LimnRequest         *made)
{
  LimnArray *whole;

  if (inputs->canvas.picture == NULL)
    return;

  whole = limn_canvas_paste (&inputs->canvas, *image);
  limn_array_free (*image);
  *image = whole;
  made->width = whole->shape.w;
  made->height = whole->shape.h;
}
