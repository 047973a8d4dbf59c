/* What normalisations by row share: how rows fall to workgroups, learnt vectors, activations after them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/vulkan.h"

G_BEGIN_DECLS

/* Learnt vectors of a normalisation; nullable both. */
typedef struct
{
  LimnVulkanPack *weight, *bias;
} LimnVulkanVectors;

/* Packs the node's first two weights as f32 into the task's state. */
gboolean limn_vulkan_vectors_prepare (LimnVulkanTask *task,
                                      GError        **error);
void     limn_vulkan_vectors_clear (LimnVulkanTask *task);

/* Sets constants and groups of a dispatch over @rows rows of @channels by a shader with common/reduce.glsl. */
void limn_vulkan_share_rows (const LimnVulkanTask *task,
                             gsize                 rows,
                             gsize                 channels,
                             LimnVulkanDispatch   *dispatch);

/* The activations fused to @node as shaders have them: 1 + which, then 0. */
void limn_vulkan_list_activations (const LimnNode *node,
                                   guint32         activations[LIMN_MAX_EPILOGUES]);

G_END_DECLS
