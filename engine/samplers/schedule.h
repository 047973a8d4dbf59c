/* Schedules: which of a process's noise levels a picture is made through.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"
#include "engine/samplers/process.h"

G_BEGIN_DECLS

#define LIMN_MAX_STEPS LIMN_PROCESS_TIMES

/**
 * LimnLevels:
 * @path: which way the levels take
 * @process: what they were picked from; outlives them
 * @steps: how many times the sampler moves
 * @levels: (array length=steps+1): from the noisiest to the picture
 */
typedef struct
{
  LimnPath           path;
  const LimnProcess *process;
  int                steps;
  LimnNoiseLevel    *levels;
} LimnLevels;

/**
 * LimnSpacing:
 * @process: to pick from
 * @steps: asked for; a spacing may give more or fewer
 * @offset: is added to whole times
 * @add_sigma, @add_time: take the next level, noisiest first; either is called
 *
 * What a schedule is asked.
 */
typedef struct _LimnSpacing LimnSpacing;

struct _LimnSpacing
{
  const LimnProcess *process;
  int                steps;
  int                offset;
  void (*add_sigma) (LimnSpacing *spacing,
                     double       sigma);
  void (*add_time) (LimnSpacing *spacing,
                    int          time);
};

/**
 * LimnSchedule:
 * @id: as settings and files have it
 * @label: as people read it
 */
typedef struct
{
  const char *id, *label;
  void (*space) (LimnSpacing *spacing);
} LimnSchedule;

/* (array length=limn_n_schedules): in the order of menus */
extern const LimnSchedule limn_schedules[];
extern const guint        limn_n_schedules;

/**
 * limn_schedule_find:
 *
 * Returns: (transfer none): the schedule, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT that lists all ids
 */
const LimnSchedule *limn_schedule_find (const char *id,
                                        GError    **error);

/**
 * LimnLevelsOptions:
 * @steps: 1…%LIMN_MAX_STEPS
 * @strength: 0…1: the share of the steps that is run, for picture to picture; 0 (not set) and 1: all
 * @path: see limn_process_level()
 * @offset: added to the whole times of "leading" (diffusers' steps_offset)
 * @whole_times: the network is told whole times only (diffusers' multistep solvers)
 * @ends_at_least: ends at the least level that was trained rather than at none (diffusers' set_alpha_to_one = false)
 */
typedef struct
{
  const LimnProcess  *process;
  const LimnSchedule *schedule;
  int                 steps;
  double              strength;
  LimnPath            path;
  int                 offset;
  gboolean            whole_times;
  gboolean            ends_at_least;
} LimnLevelsOptions;

/**
 * limn_levels_new:
 *
 * Returns: (transfer full): the levels to sample through, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT
 */
LimnLevels *limn_levels_new (const LimnLevelsOptions *options,
                             GError                 **error);
void        limn_levels_free (LimnLevels *levels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnLevels, limn_levels_free)

/**
 * limn_levels_noise_scale:
 *
 * Returns: what N (0, 1) is multiplied with to start without a picture: k-diffusion's sigma, or 1
 */
double limn_levels_noise_scale (const LimnLevels *levels);

G_END_DECLS
