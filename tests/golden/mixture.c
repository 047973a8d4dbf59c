/* A Gaussian mixture: data whose ideal denoiser is known in closed form.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/mixture.h"

#include <math.h>

#define MAX_GAUSSIANS 64

static JsonArray *
array_of (JsonObject *json,
          const char *member)
{
  JsonNode *node = json_object_get_member (json, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* (transfer full) (nullable): @n numbers */
static double *
read_numbers (JsonArray *array,
              int        n)
{
  double *numbers;

  if (array == NULL || (int) json_array_get_length (array) != n)
    return NULL;

  numbers = g_new (double, n);
  for (int i = 0; i < n; i++)
    numbers[i] = json_array_get_double_element (array, i);
  return numbers;
}

static gboolean
read_means (Mixture   *mixture,
            JsonArray *rows)
{
  mixture->dims = (int) json_array_get_length (json_array_get_array_element (rows, 0));
  mixture->means = g_new0 (double, mixture->n * mixture->dims);
  for (int k = 0; k < mixture->n; k++)
    {
      g_autofree double *row = read_numbers (json_array_get_array_element (rows, k), mixture->dims);

      if (row == NULL)
        return FALSE;
      memcpy (mixture->means + k * mixture->dims, row, mixture->dims * sizeof *row);
    }
  return mixture->dims > 0;
}

Mixture *
mixture_new (JsonObject *json)
{
  g_autoptr (Mixture) mixture = g_new0 (Mixture, 1);
  JsonArray *means = array_of (json, "means");

  mixture->n = means != NULL ? (int) json_array_get_length (means) : 0;
  if (mixture->n < 1 || mixture->n > MAX_GAUSSIANS)
    return NULL;

  mixture->weights = read_numbers (array_of (json, "weights"), mixture->n);
  mixture->deviations = read_numbers (array_of (json, "std"), mixture->n);
  if (mixture->weights == NULL || mixture->deviations == NULL || !read_means (mixture, means))
    return NULL;
  return g_steal_pointer (&mixture);
}

void
mixture_free (Mixture *mixture)
{
  g_free (mixture->weights);
  g_free (mixture->means);
  g_free (mixture->deviations);
  g_free (mixture);
}

/* How likely each Gaussian is behind the point; level.alpha · mean and alpha² · deviation² + sigma² are those of x. */
static void
responsibilities (const Mixture        *mixture,
                  const LimnNoiseLevel *level,
                  const float          *x,
                  double               *shares)
{
  double most = -INFINITY, sum = 0;

  for (int k = 0; k < mixture->n; k++)
    {
      double variance = pow (level->alpha * mixture->deviations[k], 2) + level->sigma * level->sigma;
      double distance = 0;

      for (int i = 0; i < mixture->dims; i++)
        distance += pow (x[i] - level->alpha * mixture->means[k * mixture->dims + i], 2);
      shares[k] = log (mixture->weights[k]) - distance / (2 * variance) - mixture->dims * log (variance) / 2;
      most = MAX (most, shares[k]);
    }

  for (int k = 0; k < mixture->n; k++)
    sum += shares[k] = exp (shares[k] - most);
  for (int k = 0; k < mixture->n; k++)
    shares[k] /= sum;
}

static double
expected (const Mixture        *mixture,
          const LimnNoiseLevel *level,
          const double         *shares,
          double                x,
          int                   i)
{
  double value = 0;

  for (int k = 0; k < mixture->n; k++)
    {
      double mean = mixture->means[k * mixture->dims + i],
             variance = mixture->deviations[k] * mixture->deviations[k];
      double gain = level->alpha * variance / (level->alpha * level->alpha * variance + level->sigma * level->sigma);

      value += shares[k] * (mean + gain * (x - level->alpha * mean));
    }
  return value;
}

static double
prediction_of (const LimnNoiseLevel *level,
               LimnPrediction        prediction,
               double                x,
               double                picture)
{
  double noise = (x - level->alpha * picture) / level->sigma;

  if (prediction == LIMN_PREDICTION_FLOW)
    return noise - picture;
  return prediction == LIMN_PREDICTION_V ? level->alpha * noise - level->sigma * picture : noise;
}

void
mixture_predict (const Mixture        *mixture,
                 const LimnNoiseLevel *level,
                 LimnPrediction        prediction,
                 const float          *x,
                 float                *picture,
                 float                *predicted,
                 gsize                 n)
{
  double shares[MAX_GAUSSIANS];

  for (gsize i = 0; i < n; i++)
    {
      int    dim = (int) (i % mixture->dims);
      double value;

      if (dim == 0)
        responsibilities (mixture, level, x + i, shares);
      value = expected (mixture, level, shares, x[i], dim);
      picture[i] = (float) value;
      if (predicted != NULL)
        predicted[i] = (float) prediction_of (level, prediction, x[i], value);
    }
}
