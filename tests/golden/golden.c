/* What all golden cases share: recorded tensors, the comparison and its line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/golden.h"

#include <math.h>
#include <stdio.h>

float *
golden_tensor (GoldenCase *golden,
               const char *name,
               gint64     *dims,
               int        *n_dims)
{
  const LimnWeight *weight = limn_weights_find (golden->tensors, name);
  float            *values;

  if (weight == NULL)
    return NULL;

  values = g_new (float, weight->n_elements);
  limn_weight_to_f32 (weight, values);
  if (dims != NULL)
    memcpy (dims, weight->dims, sizeof weight->dims);
  if (n_dims != NULL)
    *n_dims = weight->n_dims;
  return values;
}

gsize
golden_tensor_size (GoldenCase *golden,
                    const char *name)
{
  const LimnWeight *weight = limn_weights_find (golden->tensors, name);

  return weight != NULL ? weight->n_elements : 0;
}

double
golden_nmse (const float *got,
             const float *want,
             gsize        n)
{
  double error = 0, power = 0;

  for (gsize i = 0; i < n; i++)
    {
      double difference = (double) got[i] - want[i];

      error += difference * difference;
      power += (double) want[i] * want[i];
    }
  return power > 0 ? error / power : error;
}

static void
print_line (GoldenCase *golden,
            const char *tensor,
            double      nmse,
            double      limit)
{
  gboolean ok = nmse <= limit; /* false for NaN */

  printf ("%s %s%s %.3g %.3g %s\n",
          golden->name,
          golden->prefix != NULL ? golden->prefix : "",
          tensor,
          nmse,
          limit,
          ok ? "ok" : "BAD");
  fflush (stdout);
  golden->compared++;
  golden->bad += !ok;
}

void
golden_fail (GoldenCase *golden,
             const char *tensor,
             double      limit,
             const char *reason)
{
  print_line (golden, tensor, NAN, limit);
  fprintf (stderr, "golden: %s %s: %s\n", golden->name, tensor, reason);
}

void
golden_compare_with (GoldenCase  *golden,
                     const char  *tensor,
                     const float *got,
                     const float *want,
                     gsize        n,
                     double       limit)
{
  if (n == 0)
    {
      golden_fail (golden, tensor, limit, "nothing to compare");
      return;
    }
  print_line (golden, tensor, golden_nmse (got, want, n), limit);
}

void
golden_compare (GoldenCase  *golden,
                const char  *tensor,
                const float *got,
                gsize        n,
                double       limit)
{
  g_autofree float *want = golden_tensor (golden, tensor, NULL, NULL);
  gsize             size = golden_tensor_size (golden, tensor);

  if (want == NULL)
    golden_fail (golden, tensor, limit, "not in golden.safetensors");
  else if (n != size)
    {
      g_autofree char *reason = g_strdup_printf ("%zu numbers, %zu were recorded", n, size);

      golden_fail (golden, tensor, limit, reason);
    }
  else
    golden_compare_with (golden, tensor, got, want, n, limit);
}

static double
suggested (GoldenCase *golden,
           const char *member,
           double      otherwise)
{
  JsonNode   *node = json_object_get_member (golden->json, "suggested_nmse");
  JsonObject *object;
  JsonNode   *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return otherwise;

  object = json_node_get_object (node);
  value = json_object_get_member (object, member);
  return value != NULL && JSON_NODE_HOLDS_VALUE (value) ? json_node_get_double (value) : otherwise;
}

double
golden_limit (GoldenCase *golden,
              gboolean    run)
{
  if (g_str_equal (golden->type, "bf16") || g_str_equal (golden->type, "int8"))
    return suggested (golden, "bf16", 1e-2);
  if (g_str_equal (golden->type, "f16"))
    return suggested (golden, "f16", 1e-3);
  if (run)
    return suggested (golden, "f32 after a whole sampling run", 1e-8);
  return suggested (golden, "f32", 1e-9);
}
