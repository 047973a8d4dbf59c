/* Grids: one request made into many that differ in a few settings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

#define LIMN_REQUEST_GRID_MAX 10000

/**
 * limn_request_grid:
 * @count: how many of each, with seeds that follow one another
 * @axes: (array zero-terminated=1) (nullable): "KEY=VALUE,VALUE,…": a key of the request's JSON ("prompt", "sampler", "seed", …) or "lora:NAME", whose values
 *   are weights. Where a value holds commas, values are parted by "|". "1-4" is 1, 2, 3, 4 for a whole number
 *
 * Every value of an axis is taken with every value of the others, the last axis changing fastest, and @count last of all. All have the seed of @request,
 * which is drawn if it has none: what differs is what was meant to.
 *
 * Returns: (transfer full) (element-type LimnRequest): at most %LIMN_REQUEST_GRID_MAX, or %NULL with %LIMN_APP_ERROR_USAGE or %LIMN_APP_ERROR_RANGE
 */
GPtrArray *limn_request_grid (const LimnRequest *request,
                              int                count,
                              char *const       *axes,
                              GError           **error);

/* Returns: (transfer full): an empty list that frees its requests */
GPtrArray *limn_request_list_new (void);

/* Adds a copy. */
LimnRequest *limn_request_list_add (GPtrArray         *list,
                                    const LimnRequest *request);

G_END_DECLS
