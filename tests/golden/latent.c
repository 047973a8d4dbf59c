/* Recorded tensors as the engine's arrays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

/* Both ways between [n, c, h, w] and [n, h, w, c]; @shape is the array's. */
static void
transpose (const float *from,
           float       *to,
           LimnShape    shape,
           gboolean     to_planar)
{
  gsize places = limn_shape_positions (shape), channels = shape.c;

  for (gsize n = 0; n < (gsize) shape.n; n++)
    for (gsize p = 0; p < places; p++)
      for (gsize c = 0; c < channels; c++)
        {
          gsize planar = (n * channels + c) * places + p;
          gsize last = (n * places + p) * channels + c;

          to[to_planar ? planar : last] = from[to_planar ? last : planar];
        }
}

LimnArray *
golden_array (GoldenCase *golden,
              const char *name)
{
  gint64            dims[LIMN_MAX_DIMS] = { 0 };
  int               n_dims = 0;
  g_autofree float *values = golden_tensor (golden, name, dims, &n_dims);
  LimnShape         shape = { 1, 1, 1, 1 };
  LimnArray        *array;

  if (values == NULL || n_dims < 1 || n_dims > 4)
    return NULL;

  if (n_dims == 4)
    shape = (LimnShape){ dims[0], dims[2], dims[3], dims[1] };
  else
    {
      shape.c = dims[n_dims - 1];
      shape.w = n_dims > 1 ? dims[n_dims - 2] : 1;
      shape.n = n_dims > 2 ? dims[0] : 1;
    }
  array = limn_array_new (shape);
  if (n_dims == 4)
    transpose (values, array->data, shape, FALSE);
  else
    memcpy (array->data, values, limn_shape_elements (shape) * sizeof (float));
  return array;
}

LimnArray *
golden_planar (const LimnArray *array)
{
  LimnArray *planar = limn_array_new (array->shape);

  transpose (array->data, planar->data, array->shape, TRUE);
  return planar;
}

void
golden_compare_planar (GoldenCase      *golden,
                       const char      *tensor,
                       const LimnArray *got,
                       double           limit)
{
  g_autoptr (LimnArray) planar = golden_planar (got);

  golden_compare (golden, tensor, planar->data, limn_shape_elements (planar->shape), limit);
}

void
golden_compare_array (GoldenCase      *golden,
                      const char      *tensor,
                      const LimnArray *got,
                      double           limit)
{
  golden_compare (golden, tensor, got->data, limn_shape_elements (got->shape), limit);
}

gboolean
golden_set_tokenizer (GoldenCase *golden,
                      LimnModel  *model)
{
  g_autofree char *folder = g_build_filename (golden->folder, "..", "..", "weights", "tokenizers", "clip", NULL);
  g_autofree char *vocabulary = g_build_filename (folder, "vocab.json", NULL);

  return g_file_test (vocabulary, G_FILE_TEST_EXISTS) && limn_model_set_tokenizer (model, folder, NULL);
}

void
golden_fail_error (GoldenCase *golden,
                   const char *tensor,
                   double      limit,
                   GError     *error)
{
  golden_fail (golden, tensor, limit,
               error != NULL ? error->message : "an input of it was not recorded");
  g_clear_error (&error);
}

GPtrArray *
golden_names (GoldenCase *golden,
              const char *prefix,
              const char *suffix)
{
  GPtrArray *names = g_ptr_array_new ();

  for (gsize i = 0; i < limn_weights_count (golden->tensors); i++)
    {
      const char *name = limn_weights_get (golden->tensors, i)->name;

      if (g_str_has_prefix (name, prefix) && g_str_has_suffix (name, suffix))
        g_ptr_array_add (names, (gpointer) name);
    }
  return names;
}
