/* Philox4x32-10, the counter-based generator of CUDA's random numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_philox:
 * @counter: (array fixed-size=4) (inout): four words, replaced by four random ones
 * @key: the seed
 *
 * Ten rounds of Philox4x32 (Salmon, Moraes, Dror & Shaw, 2011).
 */
void limn_philox (guint32 *counter,
                  guint64  key);

G_END_DECLS
