/* Samplers and schedules under the names that other programs give them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_sampler_names_parse:
 * @text: as some program wrote it: "Euler a", "DPM++ 2M Karras", "euler_ancestral", "euler discrete"
 * @sampler: (out) (nullable): Limn's id, or %NULL if it is not known
 * @schedule: (out) (nullable): Limn's id if the sampler's name carries one, as AUTOMATIC1111's did before 1.9
 */
void limn_sampler_names_parse (const char  *text,
                               const char **sampler,
                               const char **schedule);

/* Returns: (nullable): Limn's id of a schedule */
const char *limn_sampler_names_parse_schedule (const char *text);

/* Returns: AUTOMATIC1111's name; @id itself if it has none */
const char *limn_sampler_names_label (const char *id);
const char *limn_sampler_names_schedule_label (const char *id);

G_END_DECLS
