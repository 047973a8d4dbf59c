/* Times and sizes as people read them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/queue/timings.h"

G_BEGIN_DECLS

/* "about 3 s · 0.4 GB". Returns: (transfer full): of @count pictures; empty while nothing is known */
char *limn_estimate_text (const LimnTiming *timing,
                          int               count);

/* "5 s", "2:05", "1:02:05". Returns: (transfer full) */
char *limn_estimate_time (double seconds);

G_END_DECLS
