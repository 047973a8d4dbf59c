/* Processes: how a model's training pictures were noised.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/samplers/level.h"

G_BEGIN_DECLS

#define LIMN_PROCESS_TIMES 1000

/**
 * LimnProcess:
 *
 * The noise levels that a model was trained on, from the least to the most, over time. A schedule picks some of them, and counts them in
 * sigma: on the straight path the level's own, else k-diffusion's, which is sigma / alpha of the preserving path.
 * Never changes once made: any thread may read it.
 */
typedef struct _LimnProcess LimnProcess;

/**
 * limn_process_new_diffusion:
 * @beta_start, @beta_end: variance added at the first and last of %LIMN_PROCESS_TIMES times; in between its root is linear ("scaled
 *   linear"; 0.00085 and 0.012 for Stable Diffusion)
 * @zero_snr: rescale so that nothing of the picture is left at the last time (Lin et al., 2024)
 *
 * Returns: (transfer full): the process of a latent diffusion model (Rombach et al., 2022)
 */
LimnProcess *limn_process_new_diffusion (double   beta_start,
                                         double   beta_end,
                                         gboolean zero_snr);

/**
 * limn_process_new_flow:
 * @shift: 1 or more: how much time is bent towards noise (Esser et al., 2024)
 * @dynamic: whether @shift belongs to the picture's size rather than to the model; then the least level is not bent
 *
 * Returns: (transfer full): the process of a rectified flow
 */
LimnProcess *limn_process_new_flow (double   shift,
                                    gboolean dynamic);
void         limn_process_free (LimnProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnProcess, limn_process_free)

/**
 * limn_flow_mu:
 * @tokens: of the latent, as the transformer counts them
 *
 * Returns: FLUX's logarithm of the shift: 0.5 for 256 tokens, 1.15 for 4096, linear
 */
double limn_flow_mu (int tokens);

gboolean limn_process_is_flow (const LimnProcess *process);

/**
 * limn_process_alphas_cumprod:
 *
 * Returns: (array fixed-size=1000) (transfer none): alpha² on the preserving path at each time; %NULL for a flow
 */
const double *limn_process_alphas_cumprod (const LimnProcess *process);

/**
 * limn_process_sigmas:
 *
 * Returns: (array fixed-size=1000) (transfer none): sigma at each time, rising; finite even without a signal at the last
 */
const double *limn_process_sigmas (const LimnProcess *process);

/* Times of the most and of the least noise, and of none: 999, 0 and 0 for diffusion, 1, the least level and 0 for flow. */
double limn_process_first_time (const LimnProcess *process);
double limn_process_last_time (const LimnProcess *process);

/**
 * limn_process_sigma_at:
 * @time: between trained times the logarithm of sigma is interpolated
 */
double limn_process_sigma_at (const LimnProcess *process,
                              double             time);

/**
 * limn_process_time_at:
 *
 * Returns: the time that the network is told at @sigma; the inverse of limn_process_sigma_at() for diffusion, @sigma itself for flow
 */
double limn_process_time_at (const LimnProcess *process,
                             double             sigma);

/**
 * limn_process_level:
 * @path: straight for flows, one of the others for diffusion
 *
 * Returns: the level of @sigma
 */
LimnNoiseLevel limn_process_level (const LimnProcess *process,
                                   LimnPath           path,
                                   double             sigma);

/* The same of a trained time, 0…999, without rounding: at the last of a process without signal there, alpha is 0. Diffusion only. */
LimnNoiseLevel limn_process_level_at (const LimnProcess *process,
                                      LimnPath           path,
                                      int                time);

/**
 * limn_process_level_between:
 * @from, @to: with picture and with noise in both
 *
 * Returns: the level in the middle of their logarithms of sigma / alpha
 */
LimnNoiseLevel limn_process_level_between (const LimnProcess    *process,
                                           LimnPath              path,
                                           const LimnNoiseLevel *from,
                                           const LimnNoiseLevel *to);

G_END_DECLS
