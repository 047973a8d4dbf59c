/* The autoencoder: pictures from latents, latents from pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"
#include "engine/tiles.h"

#include <math.h>

#define MIN_LOG_VARIANCE -30.0f
#define MAX_LOG_VARIANCE 20.0f

/* Places of the latent at a piece's inner edges that only lend their surroundings, and over which pieces pass into each other. */
#define TILE_CONTEXT 8
#define TILE_RAMP 8

/* --- decoding ---------------------------------------------------------------------------------------------------- */

/* @unscaled: as the autoencoder takes it. Returns: -1…1 */
static LimnArray *
run_decoder (LimnModel       *model,
             const LimnArray *unscaled,
             GError         **error)
{
  LimnPlanKey key = { .n = unscaled->shape.n, .height = unscaled->shape.h, .width = unscaled->shape.w };
  LimnPlan   *plan = limn_model_plan (model, LIMN_PART_DECODER, &key, error);
  g_autoptr (LimnArray) picture = NULL;

  if (plan == NULL)
    return NULL;
  limn_plan_write (plan, "latent", unscaled->data);
  if (!limn_plan_run (plan, error))
    return NULL;
  picture = limn_plan_read (plan, "picture");
  return limn_check_finite (picture, "picture", error) ? g_steal_pointer (&picture) : NULL;
}

/* Side of the pieces, in places of the latent, whose intermediates fit into memory; 0: all of it does. */
static int
tile_side (LimnModel *model,
           LimnShape  shape)
{
  static const int sides[] = { 96, 64, 48 };
  LimnPlanKey      key = { .n = shape.n, .height = shape.h, .width = shape.w };

  if (shape.n > 1 || limn_model_make_room (model, LIMN_PART_DECODER, &key))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      key.height = MIN (shape.h, sides[i]);
      key.width = MIN (shape.w, sides[i]);
      if (limn_model_make_room (model, LIMN_PART_DECODER, &key))
        return sides[i];
    }
  return sides[G_N_ELEMENTS (sides) - 1];
}

static LimnArray *
cut (const LimnArray *latent,
     int              top,
     int              left,
     int              height,
     int              width)
{
  LimnShape  from = latent->shape;
  LimnArray *piece = limn_array_new ((LimnShape){ 1, height, width, from.c });

  for (int y = 0; y < height; y++)
    memcpy (piece->data + (gsize) y * width * from.c, latent->data + ((gsize) (top + y) * from.w + left) * from.c,
            (gsize) width * from.c * sizeof (float));
  return piece;
}

/* Each piece has statistics of its own in the group norms, so pieces overlap widely and pass into each other. */
static LimnArray *
decode_tiled (LimnModel       *model,
              const LimnArray *unscaled,
              int              side,
              GError         **error)
{
  const LimnShape  shape = unscaled->shape;
  const int        factor = model->facts.latent_factor;
  const LimnTiling tiling = { .side = side, .context = TILE_CONTEXT, .ramp = TILE_RAMP, .step = 1, .scale = factor };
  g_auto (LimnTileAxis) rows = { 0 }, columns = { 0 };
  g_autoptr (LimnArray) whole = limn_array_new ((LimnShape){ 1, shape.h * factor, shape.w * factor, 3 });

  limn_tile_axis_init (&rows, &tiling, shape.h);
  limn_tile_axis_init (&columns, &tiling, shape.w);
  for (int i = 0; i < rows.count * columns.count; i++)
    {
      int row = i / columns.count, column = i % columns.count;
      g_autoptr (LimnArray) piece = cut (unscaled, limn_tile_start (&rows, row), limn_tile_start (&columns, column), rows.size, columns.size);
      g_autoptr (LimnArray) decoded = run_decoder (model, piece, error);

      if (decoded == NULL)
        return NULL;
      limn_tile_add (&rows, &columns, row, column, factor, decoded, whole);
    }
  limn_model_note (model, "little memory: the picture was decoded in pieces of %d × %d pixels", columns.size * factor, rows.size * factor);
  return g_steal_pointer (&whole);
}

static LimnArray *
decode_once (LimnModel       *model,
             const LimnArray *latent,
             GError         **error)
{
  g_autoptr (LimnArray) unscaled = limn_array_copy (latent);
  g_autoptr (LimnArray) picture = NULL;
  int side;

  if (!limn_check_latent (latent, model->facts.latent_channels, error))
    return NULL;
  limn_model_unscale_latent (model, unscaled);
  side = tile_side (model, latent->shape);
  picture = side == 0 ? run_decoder (model, unscaled, error) : decode_tiled (model, unscaled, side, error);
  if (picture == NULL)
    return NULL;
  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = picture->data[i] * 0.5f + 0.5f;
  return g_steal_pointer (&picture);
}

LimnArray *
limn_model_decode (LimnModel *model, const LimnArray *latent, GError **error)
{
  g_autoptr (GError) why = NULL;
  LimnArray *result;

  if (model->tiny != NULL)
    return limn_tiny_vae_decode (model->tiny, latent, error);
  do
    result = decode_once (model, latent, &why);
  while (result == NULL && limn_model_recover (model, &why));
  if (result == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return result;
}

/* --- encoding ---------------------------------------------------------------------------------------------------- */

static gboolean
check_picture (LimnModel       *model,
               const LimnArray *picture,
               GError         **error)
{
  LimnShape shape = picture->shape;
  int       step = model->facts.latent_factor;

  if (shape.c != 3 || shape.n < 1 || shape.h < 1 || shape.w < 1)
    return limn_argument_error (error, "a picture of %d × %d with %d channels: it takes 3",
                                shape.w, shape.h, shape.c);
  if (shape.h % step != 0 || shape.w % step != 0)
    return limn_argument_error (
        error, "a picture of %d × %d: width and height must be multiples of %d", shape.w,
        shape.h, step);
  return TRUE;
}

static LimnArray *
encode_once (LimnModel       *model,
             const LimnArray *picture,
             LimnArray      **deviation,
             GError         **error)
{
  LimnPlanKey key = { .n = picture->shape.n,
                      .height = picture->shape.h,
                      .width = picture->shape.w };
  g_autoptr (LimnArray) signed_picture = limn_array_copy (picture);
  LimnPlan *plan;

  if (deviation != NULL)
    *deviation = NULL;
  if (!check_picture (model, picture, error))
    return NULL;
  limn_model_make_room (model, LIMN_PART_ENCODER, &key);
  plan = limn_model_plan (model, LIMN_PART_ENCODER, &key, error);
  if (plan == NULL)
    return NULL;

  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    signed_picture->data[i] = picture->data[i] * 2 - 1;
  limn_plan_write (plan, "picture", signed_picture->data);
  if (!limn_plan_run (plan, error))
    return NULL;

  if (deviation != NULL && model->facts.posterior)
    {
      *deviation = limn_plan_read (plan, "log-variance");
      for (gsize i = 0; i < limn_shape_elements ((*deviation)->shape); i++)
        (*deviation)->data[i] = expf (0.5f * CLAMP ((*deviation)->data[i], MIN_LOG_VARIANCE, MAX_LOG_VARIANCE));
    }
  return limn_plan_read (plan, "mean");
}

LimnArray *
limn_model_encode (LimnModel *model, const LimnArray *picture, LimnArray **deviation, GError **error)
{
  g_autoptr (GError) why = NULL;
  LimnArray *result;

  do
    result = encode_once (model, picture, deviation, &why);
  while (result == NULL && limn_model_recover (model, &why));
  if (result == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return result;
}

void
limn_model_scale_latent (LimnModel *model,
                         LimnArray *latent)
{
  int channels = latent->shape.c;

  g_return_if_fail (channels <= LIMN_MAX_LATENT_CHANNELS);
  for (gsize i = 0; i < limn_shape_elements (latent->shape); i++)
    latent->data[i] = (latent->data[i] - model->facts.shift[i % channels]) * model->facts.scale[i % channels];
}

void
limn_model_unscale_latent (LimnModel *model,
                           LimnArray *latent)
{
  int channels = latent->shape.c;

  g_return_if_fail (channels <= LIMN_MAX_LATENT_CHANNELS);
  for (gsize i = 0; i < limn_shape_elements (latent->shape); i++)
    latent->data[i] = latent->data[i] / model->facts.scale[i % channels] + model->facts.shift[i % channels];
}
