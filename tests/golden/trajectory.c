/* A recorded run of a sampler, repeated on a mixture with the recorded draws.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/trajectory.h"

#include <math.h>
#include <string.h>

Trajectory *
trajectory_new (GoldenCase    *golden,
                const Mixture *mixture,
                const char    *tensor,
                const float   *start,
                gsize          n,
                double         limit)
{
  Trajectory      *trajectory = g_new0 (Trajectory, 1);
  g_autofree char *noise = NULL;

  trajectory->golden = golden;
  trajectory->mixture = mixture;
  trajectory->name = g_strndup (tensor, strlen (tensor) - strlen (".trajectory"));
  trajectory->start = start;
  trajectory->n = n;
  trajectory->limit = limit;
  noise = g_strconcat (trajectory->name, ".noise", NULL);
  trajectory->draws = golden_tensor (golden, noise, NULL, NULL);
  trajectory->n_draws = golden_tensor_size (golden, noise) / n;
  trajectory->seen = g_array_new (FALSE, FALSE, sizeof (float));
  trajectory->times = g_array_new (FALSE, FALSE, sizeof (float));
  trajectory->states = g_array_new (FALSE, FALSE, sizeof (float));
  trajectory->intervals = g_array_new (FALSE, FALSE, sizeof (float));
  return trajectory;
}

void
trajectory_free (Trajectory *trajectory)
{
  g_free (trajectory->name);
  g_free (trajectory->draws);
  g_array_unref (trajectory->seen);
  g_array_unref (trajectory->times);
  g_array_unref (trajectory->states);
  g_array_unref (trajectory->intervals);
  g_free (trajectory);
}

/* What the network knows: on diffusers' runs, the level that was trained at the time it is told. */
static LimnNoiseLevel
known_level (const Trajectory     *trajectory,
             const LimnNoiseLevel *level)
{
  if (trajectory->process == NULL)
    return *level;
  return limn_process_level_at (trajectory->process, LIMN_PATH_PRESERVING,
                                (int) rint (level->time));
}

static gboolean
denoise (gpointer              data,
         const float          *x,
         const LimnNoiseLevel *level,
         float                *denoised,
         GError              **error)
{
  Trajectory       *trajectory = data;
  LimnNoiseLevel    known = known_level (trajectory, level);
  double            scale = trajectory->process != NULL ? limn_level_input_scale (level, trajectory->prediction) : 1;
  g_autofree float *input = g_new (float, trajectory->n), *predicted = g_new (float, trajectory->n);
  float             time = (float) level->time;

  for (gsize i = 0; i < trajectory->n; i++)
    input[i] = (float) (scale * x[i]);
  mixture_predict (trajectory->mixture, &known, trajectory->prediction, input, denoised,
                   predicted, trajectory->n);

  /* only a network's output goes through its prediction: k-diffusion's runs ask for the picture itself */
  if (trajectory->process != NULL || trajectory->prediction == LIMN_PREDICTION_FLOW)
    limn_level_denoise (level, trajectory->prediction, x, predicted, denoised, trajectory->n);

  g_array_append_vals (trajectory->seen, x, trajectory->n);
  g_array_append_val (trajectory->times, time);
  return TRUE;
}

/* Draws beyond the recorded ones are NaN, so that what uses them fails. */
static void
draw (gpointer              data,
      const LimnNoiseLevel *from,
      const LimnNoiseLevel *to,
      float                *noise,
      gsize                 n)
{
  Trajectory *trajectory = data;
  float       interval[] = { (float) from->sigma, (float) to->sigma };

  g_array_append_vals (trajectory->intervals, interval, G_N_ELEMENTS (interval));
  for (gsize i = 0; i < n; i++)
    noise[i] = trajectory->n_drawn < trajectory->n_draws
                   ? trajectory->draws[trajectory->n_drawn * n + i]
                   : NAN;
  trajectory->n_drawn++;
}

static gboolean
after_step (gpointer               data,
            const LimnSamplerStep *step)
{
  Trajectory *trajectory = data;

  g_array_append_vals (trajectory->states, step->x, step->n);
  return TRUE;
}

gboolean
trajectory_run (Trajectory        *trajectory,
                const LimnSampler *sampler,
                const LimnLevels  *levels,
                double             eta,
                double             scale,
                GError           **error)
{
  gsize             n = trajectory->n, done = trajectory->states->len;
  g_autofree float *x = g_new (float, n);
  LimnSamplerRun    run = {
       .levels = levels, .n = n, .eta = eta, .denoise = denoise, .draw = draw, .after_step = after_step, .data = trajectory
  };

  for (gsize i = 0; i < n; i++)
    x[i] = done > 0 ? g_array_index (trajectory->states, float, done - n + i)
                    : (float) (scale * trajectory->start[i]);
  return limn_sample (sampler, &run, x, error);
}

/* diffusers records what the network is given next; where a sampler calls it more than once a step (PLMS), all of that. */
static void
compare_states (Trajectory *trajectory,
                const char *tensor)
{
  GArray *states = trajectory->states, *seen = trajectory->seen;
  gsize   n = trajectory->n;

  if (trajectory->process != NULL)
    {
      g_array_remove_range (seen, 0, n);
      g_array_append_vals (seen, &g_array_index (states, float, states->len - n), n);
      states = seen;
    }
  golden_compare (trajectory->golden, tensor, (float *) (gpointer) states->data, states->len,
                  trajectory->limit);
}

static void
compare_draws (Trajectory *trajectory,
               const char *noise,
               const char *interval)
{
  gsize drawn = MIN (trajectory->n_drawn, trajectory->n_draws);

  /* diffusers draws for the last step, too, and multiplies it with 0 */
  if (trajectory->process != NULL && drawn + 1 == trajectory->n_draws)
    drawn++;
  golden_compare (trajectory->golden, noise, trajectory->draws, drawn * trajectory->n, 0);
  if (golden_tensor_size (trajectory->golden, interval) > 0)
    golden_compare (trajectory->golden, interval,
                    (float *) (gpointer) trajectory->intervals->data,
                    trajectory->intervals->len, trajectory->limit);
}

void
trajectory_compare (Trajectory *trajectory)
{
  g_autofree char *states = g_strconcat (trajectory->name, ".trajectory", NULL);
  g_autofree char *times = g_strconcat (trajectory->name, ".timesteps", NULL);
  g_autofree char *noise = g_strconcat (trajectory->name, ".noise", NULL);
  g_autofree char *interval = g_strconcat (trajectory->name, ".noise_interval", NULL);

  if (golden_tensor_size (trajectory->golden, times) > 0)
    golden_compare (trajectory->golden, times, (float *) (gpointer) trajectory->times->data,
                    trajectory->times->len, 0);
  compare_states (trajectory, states);
  if (trajectory->draws != NULL)
    compare_draws (trajectory, noise, interval);
}
