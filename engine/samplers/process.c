/* Processes: how a model's training pictures were noised.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/process.h"

#include <math.h>

#define LAST (LIMN_PROCESS_TIMES - 1)

/* Where no signal is left, sigma counts as if this much were: the least positive binary16, as diffusers has it. */
#define LEAST_SIGNAL 0x1p-24

struct _LimnProcess
{
  gboolean flow;
  double   shift;
  double   last_time;
  double   alphas_cumprod[LIMN_PROCESS_TIMES];
  double   sigmas[LIMN_PROCESS_TIMES];
};

/* Shifts and stretches alpha so that it ends at 0 and starts where it did (Lin et al., 2024, algorithm 1). */
static void
remove_last_signal (double *alphas_cumprod)
{
  double first = sqrt (alphas_cumprod[0]), last = sqrt (alphas_cumprod[LAST]);

  for (int i = 0; i < LIMN_PROCESS_TIMES; i++)
    {
      double alpha = (sqrt (alphas_cumprod[i]) - last) * first / (first - last);

      alphas_cumprod[i] = alpha * alpha;
    }
}

LimnProcess *
limn_process_new_diffusion (double   beta_start,
                            double   beta_end,
                            gboolean zero_snr)
{
  LimnProcess *process = g_new0 (LimnProcess, 1);
  double       product = 1;

  for (int i = 0; i < LIMN_PROCESS_TIMES; i++)
    {
      double root = sqrt (beta_start) + (sqrt (beta_end) - sqrt (beta_start)) * i / LAST;

      product *= 1 - root * root;
      process->alphas_cumprod[i] = product;
    }

  if (zero_snr)
    remove_last_signal (process->alphas_cumprod);

  for (int i = 0; i < LIMN_PROCESS_TIMES; i++)
    {
      double signal = MAX (process->alphas_cumprod[i], LEAST_SIGNAL);

      process->sigmas[i] = sqrt ((1 - signal) / signal);
    }
  return process;
}

static double
bend (double shift,
      double time)
{
  return shift * time / (1 + (shift - 1) * time);
}

LimnProcess *
limn_process_new_flow (double   shift,
                       gboolean dynamic)
{
  LimnProcess *process = g_new0 (LimnProcess, 1);

  process->flow = TRUE;
  process->shift = shift;
  for (int i = 0; i < LIMN_PROCESS_TIMES; i++)
    process->sigmas[i] = bend (shift, (i + 1.0) / LIMN_PROCESS_TIMES);
  process->last_time = dynamic ? 1.0 / LIMN_PROCESS_TIMES : process->sigmas[0];
  return process;
}

void
limn_process_free (LimnProcess *process)
{
  g_free (process);
}

double
limn_flow_mu (int tokens)
{
  return 0.5 + (1.15 - 0.5) * (tokens - 256) / (4096 - 256);
}

gboolean
limn_process_is_flow (const LimnProcess *process)
{
  return process->flow;
}

const double *
limn_process_alphas_cumprod (const LimnProcess *process)
{
  return process->flow ? NULL : process->alphas_cumprod;
}

const double *
limn_process_sigmas (const LimnProcess *process)
{
  return process->sigmas;
}

double
limn_process_first_time (const LimnProcess *process)
{
  return process->flow ? 1 : LAST;
}

double
limn_process_last_time (const LimnProcess *process)
{
  return process->last_time;
}

double
limn_process_sigma_at (const LimnProcess *process,
                       double             time)
{
  int    low = CLAMP ((int) time, 0, LAST - 1);
  double share = CLAMP (time, 0, LAST) - low;

  if (process->flow)
    return bend (process->shift, time);
  return exp ((1 - share) * log (process->sigmas[low]) + share * log (process->sigmas[low + 1]));
}

/* The largest index whose sigma is not above @sigma, but one before the last at most. */
static int
find_below (const LimnProcess *process,
            double             sigma)
{
  int low = 0, high = LAST;

  while (high - low > 1)
    {
      int middle = (low + high) / 2;

      if (process->sigmas[middle] <= sigma)
        low = middle;
      else
        high = middle;
    }
  return low;
}

double
limn_process_time_at (const LimnProcess *process,
                      double             sigma)
{
  int    low;
  double start, share;

  if (process->flow)
    return sigma;
  if (sigma <= process->sigmas[0])
    return 0;

  low = find_below (process, sigma);
  start = log (process->sigmas[low]);
  share = (log (sigma) - start) / (log (process->sigmas[low + 1]) - start);
  return low + MIN (share, 1);
}

static LimnNoiseLevel
make_level (LimnPath path,
            double   sigma,
            double   time)
{
  double root = sqrt (1 + sigma * sigma);

  if (path == LIMN_PATH_STRAIGHT)
    return (LimnNoiseLevel){ 1 - sigma, sigma, time };
  if (path == LIMN_PATH_EXPLODING)
    return (LimnNoiseLevel){ 1, sigma, time };
  return (LimnNoiseLevel){ 1 / root, sigma / root, time };
}

LimnNoiseLevel
limn_process_level (const LimnProcess *process,
                    LimnPath           path,
                    double             sigma)
{
  return make_level (path, sigma, limn_process_time_at (process, sigma));
}

LimnNoiseLevel
limn_process_level_at (const LimnProcess *process,
                       LimnPath           path,
                       int                time)
{
  int    index = CLAMP (time, 0, LAST);
  double signal = process->alphas_cumprod[index];

  if (path == LIMN_PATH_PRESERVING)
    return (LimnNoiseLevel){ sqrt (signal), sqrt (1 - signal), index };
  return make_level (path, process->sigmas[index], index);
}

LimnNoiseLevel
limn_process_level_between (const LimnProcess    *process,
                            LimnPath              path,
                            const LimnNoiseLevel *from,
                            const LimnNoiseLevel *to)
{
  double ratio = sqrt (limn_level_ratio (from) * limn_level_ratio (to));

  return limn_process_level (process, path,
                             path == LIMN_PATH_STRAIGHT ? ratio / (1 + ratio) : ratio);
}
