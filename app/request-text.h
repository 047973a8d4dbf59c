/* Requests as people read them, and what tells them apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/* Returns: (transfer full): AUTOMATIC1111's "parameters": what can be copied, and read by other programs */
char *limn_request_text (const LimnRequest *request);

/**
 * limn_request_differences:
 * @requests: (array length=n)
 *
 * Returns: (transfer full) (array length=n): of each, its settings that are not the same in all: "seed 7 · steps 20"; the prompt only if it is one of them
 */
char **limn_request_differences (const LimnRequest *const *requests,
                                 gsize                     n);

G_END_DECLS
