/* What limn-engine and whoever starts it agree on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How it ends when there is no memory, and when it finds a mistake of its own. */
#define LIMN_WORKER_EXIT_MEMORY 71
#define LIMN_WORKER_EXIT_BUG 70
