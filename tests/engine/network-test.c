/* What the tests of whole networks share: random weights in a file, and the same layers as loops in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/network-test.h"

#include <math.h>

typedef struct
{
  char  *name;
  int    n_dims;
  int    dims[4];
  gsize  n;
  float *values;
} Tensor;

struct _NetworkTest
{
  GPtrArray *tensors;
  GRand     *random;
};

static void
tensor_free (Tensor *tensor)
{
  g_free (tensor->name);
  g_free (tensor->values);
  g_free (tensor);
}

NetworkTest *
network_test_new (guint32 seed)
{
  NetworkTest *network = g_new (NetworkTest, 1);

  network->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) tensor_free);
  network->random = g_rand_new_with_seed (seed);
  return network;
}

void
network_test_free (NetworkTest *network)
{
  g_ptr_array_unref (network->tensors);
  g_rand_free (network->random);
  g_free (network);
}

static void
add (NetworkTest *network,
     char        *name,
     int          n_dims,
     const int   *dims,
     double       spread)
{
  Tensor *tensor = g_new0 (Tensor, 1);

  tensor->name = name;
  tensor->n_dims = n_dims;
  tensor->n = 1;
  for (int d = 0; d < n_dims; d++)
    tensor->n *= (gsize) (tensor->dims[d] = dims[d]);
  tensor->values = g_new (float, tensor->n);
  for (gsize i = 0; i < tensor->n; i++)
    tensor->values[i] = (float) g_rand_double_range (network->random, -spread, spread);
  g_ptr_array_add (network->tensors, tensor);
}

void
network_test_add_conv (NetworkTest *network,
                       const char  *name,
                       int          out,
                       int          in,
                       int          kernel,
                       gboolean     bias)
{
  const int dims[] = { out, in, kernel, kernel };

  add (network, g_strconcat (name, ".weight", NULL), 4, dims, sqrt (3.0 / (in * kernel * kernel)));
  if (bias)
    add (network, g_strconcat (name, ".bias", NULL), 1, dims, 0.3);
}

void
network_test_add_vector (NetworkTest *network,
                         const char  *name,
                         int          n)
{
  add (network, g_strdup (name), 1, &n, 0.5);
}

static const Tensor *
find (const NetworkTest *network,
      const char        *name,
      const char        *suffix)
{
  g_autofree char *full = g_strconcat (name, suffix, NULL);

  for (guint i = 0; i < network->tensors->len; i++)
    if (g_str_equal (((Tensor *) network->tensors->pdata[i])->name, full))
      return network->tensors->pdata[i];
  return NULL;
}

void
network_test_remove (NetworkTest *network,
                     const char  *name)
{
  g_assert_true (g_ptr_array_remove (network->tensors, (gpointer) find (network, name, "")));
}

const float *
network_test_values (const NetworkTest *network,
                     const char        *name)
{
  return find (network, name, "")->values;
}

static void
append_tensor (const Tensor *tensor,
               const char   *name,
               GString      *header,
               GByteArray   *data)
{
  guint begin = data->len;

  g_byte_array_append (data, (const guint8 *) tensor->values, tensor->n * sizeof (float));
  g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[", header->len > 1 ? "," : "", name);
  for (int d = 0; d < tensor->n_dims; d++)
    g_string_append_printf (header, "%s%d", d > 0 ? "," : "", tensor->dims[d]);
  g_string_append_printf (header, "],\"data_offsets\":[%u,%u]}", begin, data->len);
}

char *
network_test_write (const NetworkTest *network,
                    const char        *folder,
                    const char        *file,
                    NetworkTestSpell   spell)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  char   *path = g_build_filename (folder, file, NULL);
  guint64 length;

  for (guint i = 0; i < network->tensors->len; i++)
    {
      const Tensor    *tensor = network->tensors->pdata[i];
      g_autofree char *name = spell != NULL ? spell (tensor->name) : g_strdup (tensor->name);

      if (name != NULL)
        append_tensor (tensor, name, header, data);
    }
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_string_prepend_len (header, (const char *) &length, sizeof length);
  g_string_append_len (header, (const char *) data->data, data->len);
  g_file_set_contents (path, header->str, (gssize) header->len, &error);
  g_assert_no_error (error);
  return path;
}

LimnArray *
network_test_random (LimnShape shape,
                     guint32   seed,
                     double    low,
                     double    high)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  LimnArray *array = limn_array_new (shape);

  for (gsize i = 0; i < limn_shape_elements (shape); i++)
    array->data[i] = (float) g_rand_double_range (random, low, high);
  return array;
}

NaiveImage *
naive_image_new (int h,
                 int w,
                 int c)
{
  NaiveImage *image = g_new (NaiveImage, 1);

  *image = (NaiveImage){ h, w, c, g_new0 (double, (gsize) h *w *c) };
  return image;
}

NaiveImage *
naive_image_copy (const NaiveImage *image)
{
  NaiveImage *copy = naive_image_new (image->h, image->w, image->c);

  memcpy (copy->data, image->data, (gsize) image->h * image->w * image->c * sizeof (double));
  return copy;
}

void
naive_image_free (NaiveImage *image)
{
  g_free (image->data);
  g_free (image);
}

static double
conv_at (const Tensor     *weight,
         const NaiveImage *x,
         int               out,
         int               top,
         int               left)
{
  int    kernel = weight->dims[2];
  double sum = 0;

  for (int c = 0; c < x->c; c++)
    for (int k = 0; k < kernel * kernel; k++)
      {
        int row = top + k / kernel, column = left + k % kernel;

        if (row >= 0 && row < x->h && column >= 0 && column < x->w)
          sum += weight->values[(out * x->c + c) * kernel * kernel + k] * *naive_at (x, row, column, c);
      }
  return sum;
}

NaiveImage *
naive_conv (const NetworkTest *network,
            const char        *name,
            const NaiveImage  *x,
            int                stride)
{
  const Tensor *weight = find (network, name, ".weight"), *bias = find (network, name, ".bias");
  int           pad = weight->dims[2] / 2;
  NaiveImage   *y = naive_image_new ((x->h - 1) / stride + 1, (x->w - 1) / stride + 1, weight->dims[0]);

  g_assert_cmpint (weight->dims[1], ==, x->c);
  for (int row = 0; row < y->h; row++)
    for (int column = 0; column < y->w; column++)
      for (int c = 0; c < y->c; c++)
        *naive_at (y, row, column, c) = conv_at (weight, x, c, row * stride - pad, column * stride - pad) + (bias != NULL ? bias->values[c] : 0);
  return y;
}

NaiveImage *
naive_repeat (const NaiveImage *x,
              int               times)
{
  NaiveImage *y = naive_image_new (x->h * times, x->w * times, x->c);

  for (int row = 0; row < y->h; row++)
    for (int column = 0; column < y->w; column++)
      memcpy (naive_at (y, row, column, 0), naive_at (x, row / times, column / times, 0), x->c * sizeof (double));
  return y;
}

NaiveImage *
naive_concat (const NaiveImage *a,
              const NaiveImage *b)
{
  NaiveImage *y = naive_image_new (a->h, a->w, a->c + b->c);

  for (int row = 0; row < y->h; row++)
    for (int column = 0; column < y->w; column++)
      {
        memcpy (naive_at (y, row, column, 0), naive_at (a, row, column, 0), a->c * sizeof (double));
        memcpy (naive_at (y, row, column, a->c), naive_at (b, row, column, 0), b->c * sizeof (double));
      }
  return y;
}

NaiveImage *
naive_unshuffle (const NaiveImage *x,
                 int               side)
{
  NaiveImage *y = naive_image_new (x->h / side, x->w / side, x->c * side * side);

  for (int row = 0; row < x->h; row++)
    for (int column = 0; column < x->w; column++)
      for (int c = 0; c < x->c; c++)
        *naive_at (y, row / side, column / side, (c * side + row % side) * side + column % side) = *naive_at (x, row, column, c);
  return y;
}

NaiveImage *
naive_shuffle (const NaiveImage *x,
               int               side)
{
  NaiveImage *y = naive_image_new (x->h * side, x->w * side, x->c / side / side);

  for (int row = 0; row < y->h; row++)
    for (int column = 0; column < y->w; column++)
      for (int c = 0; c < y->c; c++)
        *naive_at (y, row, column, c) = *naive_at (x, row / side, column / side, (c * side + row % side) * side + column % side);
  return y;
}

void
naive_rectify (NaiveImage *x,
               double      slope)
{
  for (gsize i = 0; i < (gsize) x->h * x->w * x->c; i++)
    if (x->data[i] < 0)
      x->data[i] *= slope;
}

void
naive_scale_add (NaiveImage       *a,
                 double            scale,
                 const NaiveImage *b)
{
  g_assert_true (a->h == b->h && a->w == b->w && a->c == b->c);
  for (gsize i = 0; i < (gsize) a->h * a->w * a->c; i++)
    a->data[i] = a->data[i] * scale + b->data[i];
}

NaiveImage *
naive_from_array (const LimnArray *array,
                  int              sample)
{
  LimnShape   shape = array->shape;
  NaiveImage *image = naive_image_new (shape.h, shape.w, shape.c);
  gsize       n = limn_shape_positions (shape) * shape.c;

  for (gsize i = 0; i < n; i++)
    image->data[i] = array->data[sample * n + i];
  return image;
}

double
naive_nmse (const LimnArray  *got,
            int               sample,
            const NaiveImage *want)
{
  LimnShape shape = got->shape;
  double    error = 0, power = 0;

  g_assert_true (shape.h <= want->h && shape.w <= want->w && shape.c == want->c);
  for (int y = 0; y < shape.h; y++)
    for (int x = 0; x < shape.w; x++)
      for (int c = 0; c < shape.c; c++)
        {
          double is = got->data[(((gsize) sample * shape.h + y) * shape.w + x) * shape.c + c], should = *naive_at (want, y, x, c);

          error += (is - should) * (is - should);
          power += should * should;
        }
  return error / power;
}
