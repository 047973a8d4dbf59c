/* The beta distribution's quantiles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_beta_quantile:
 * @p: 0…1
 * @a, @b: the distribution's shape, positive
 *
 * Returns: the x in 0…1 below which a share @p of Beta (@a, @b) lies, to about 1e-14
 */
double limn_beta_quantile (double p,
                           double a,
                           double b);

G_END_DECLS
