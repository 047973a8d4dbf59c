/* Facts of models and devices as they go over the wire.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* All return (transfer floating). */
/* @device: the id of the one that it is open on */
GVariant *limn_worker_facts_of_model (const LimnModelInfo *info,
                                      const char          *device);
GVariant *limn_worker_facts_of_devices (const GPtrArray *devices);

/* @step_seconds: that a step will take; 0 while unknown */
GVariant *limn_worker_facts_of_cost (const LimnModelCost *cost,
                                     double               step_seconds);

G_END_DECLS
