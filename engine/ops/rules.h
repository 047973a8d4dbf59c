/* Rules that several operations have in common about what they take.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/graph.h"

G_BEGIN_DECLS

/* Each checks one thing for an operation's infer(): %TRUE, or %FALSE with LIMN_ENGINE_ERROR_SHAPE in @error. */

/* The first @count inputs hold numbers that kernels compute with: f32, bf16 or f16. */
gboolean limn_rule_floats (const LimnNode *node,
                           int             count,
                           GError        **error);

/* Input @index is of the type of the first. */
gboolean limn_rule_same_type (const LimnNode *node,
                              int             index,
                              GError        **error);

/* Input @index has the shape of the first, or 1 in place of its n, h or w. */
gboolean limn_rule_broadcast (const LimnNode *node,
                              int             index,
                              GError        **error);

/* Input @index counts something of each sample: i32 [n, 1, 1, 1]. */
gboolean limn_rule_lengths (const LimnNode *node,
                            int             index,
                            GError        **error);

/* Weight @index (a @what) is there and is [@n]. */
gboolean limn_rule_vector (const LimnNode *node,
                           int             index,
                           const char     *what,
                           int             n,
                           GError        **error);

/* Weight @index (a @what) is there and is [@rows, @columns], which it sets. */
gboolean limn_rule_matrix (const LimnNode *node,
                           int             index,
                           const char     *what,
                           int            *rows,
                           int            *columns,
                           GError        **error);

/* For LimnOp.operations: of an operation that only moves numbers. */
double limn_rule_no_operations (const LimnNode *node);

G_END_DECLS
