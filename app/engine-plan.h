/* How the engine is to compute, and what is tried when that went wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "app/request.h"

G_BEGIN_DECLS

/**
 * LimnEnginePlan:
 *
 * As LimnEngineOptions, of its own. All texts are nullable.
 */
typedef struct
{
  char *device, *type, *memory;
  int   threads;
} LimnEnginePlan;

void limn_engine_plan_copy (LimnEnginePlan       *plan,
                            const LimnEnginePlan *from);
void limn_engine_plan_clear (LimnEnginePlan *plan);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnEnginePlan, limn_engine_plan_clear)

/**
 * limn_engine_plan_shrink:
 * @used: (nullable): id of the device that it ran on, if that is known
 * @remote: whether this machine's memory says nothing
 *
 * Makes it smaller: the processor in place of a graphics card that nobody asked for by name, else half the memory.
 *
 * Returns: (transfer full): what is different now, as the end of "it was tried again …"
 */
char *limn_engine_plan_shrink (LimnEnginePlan *plan,
                               const char     *used,
                               gboolean        remote);

/* Returns: (transfer full) (type a{sv}) (transfer floating): for Open() */
GVariant *limn_engine_plan_options (const LimnEnginePlan *plan,
                                    const LimnRequest    *request);

G_END_DECLS
