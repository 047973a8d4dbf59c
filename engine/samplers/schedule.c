/* Schedules: which of a process's noise levels a picture is made through.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/schedule.h"

#include <math.h>

/* Collects what a schedule picks. */
typedef struct
{
  LimnSpacing              spacing; /* first: a schedule sees only this */
  const LimnLevelsOptions *options;
  GArray                  *levels;
} Collector;

const LimnSchedule *
limn_schedule_find (const char *id,
                    GError    **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < limn_n_schedules; i++)
    {
      if (g_strcmp0 (limn_schedules[i].id, id) == 0)
        return &limn_schedules[i];
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", limn_schedules[i].id);
    }

  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
               "no schedule is called \"%s\"; there are %s", id != NULL ? id : "", known->str);
  return NULL;
}

/* Rounding can put two levels at the same place; a step between them would do nothing. */
static void
add_level (Collector     *collector,
           LimnNoiseLevel level)
{
  GArray *levels = collector->levels;

  if (levels->len > 0 && g_array_index (levels, LimnNoiseLevel, levels->len - 1).sigma <= level.sigma)
    return;
  g_array_append_val (levels, level);
}

static void
add_sigma (LimnSpacing *spacing,
           double       sigma)
{
  Collector     *collector = (Collector *) spacing;
  LimnNoiseLevel level = limn_process_level (spacing->process, collector->options->path, sigma);

  if (collector->options->whole_times)
    level.time = rint (level.time);
  add_level (collector, level);
}

static void
add_time (LimnSpacing *spacing,
          int          time)
{
  Collector *collector = (Collector *) spacing;
  int        index = CLAMP (time, 0, LIMN_PROCESS_TIMES - 1);

  if (limn_process_is_flow (spacing->process))
    add_sigma (spacing, limn_process_sigmas (spacing->process)[index]);
  else
    add_level (collector,
               limn_process_level_at (spacing->process, collector->options->path, index));
}

/* A process that was picked from down to its least level already ends without noise, too. */
static void
add_end (Collector *collector)
{
  const LimnLevelsOptions *options = collector->options;
  LimnNoiseLevel           last = g_array_index (collector->levels, LimnNoiseLevel, collector->levels->len - 1);

  if (options->ends_at_least && !limn_process_is_flow (options->process) && last.time >= 0.5)
    add_level (collector, limn_process_level_at (options->process, options->path, 0));
  else
    add_level (collector, (LimnNoiseLevel){ .alpha = 1 });
}

static gboolean
check_options (const LimnLevelsOptions *options,
               GError                 **error)
{
  if (options->steps < 1 || options->steps > LIMN_MAX_STEPS)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
                   "%d steps: there can be 1 to %d", options->steps, LIMN_MAX_STEPS);
      return FALSE;
    }
  if (!(options->strength >= 0 && options->strength <= 1))
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
                   "strength %g: it can be 0 to 1", options->strength);
      return FALSE;
    }
  if (limn_process_is_flow (options->process) != (options->path == LIMN_PATH_STRAIGHT))
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
                   "a flow model's levels lie on the straight path, a diffusion model's do "
                   "not; ask for the other path");
      return FALSE;
    }
  return TRUE;
}

LimnLevels *
limn_levels_new (const LimnLevelsOptions *options,
                 GError                 **error)
{
  Collector collector = {
    { options->process, options->steps, options->offset, add_sigma, add_time }, options, NULL
  };
  LimnLevels *levels;
  int         all, run;

  if (!check_options (options, error))
    return NULL;

  collector.levels = g_array_new (FALSE, FALSE, sizeof (LimnNoiseLevel));
  options->schedule->space (&collector.spacing);
  add_end (&collector);

  /* int (steps · strength) as diffusers has it, but never none */
  all = (int) collector.levels->len - 1;
  run = options->strength > 0 ? MAX (1, (int) (all * options->strength)) : all;
  g_array_remove_range (collector.levels, 0, all - run);

  levels = g_new0 (LimnLevels, 1);
  levels->path = options->path;
  levels->process = options->process;
  levels->steps = run;
  levels->levels = (LimnNoiseLevel *) (gpointer) g_array_free (collector.levels, FALSE);
  return levels;
}

void
limn_levels_free (LimnLevels *levels)
{
  g_free (levels->levels);
  g_free (levels);
}

double
limn_levels_noise_scale (const LimnLevels *levels)
{
  return levels->path == LIMN_PATH_PRESERVING ? 1 : levels->levels[0].sigma;
}
