/* Recording: dispatches become command buffers that are submitted as often as wanted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/device.h"

G_BEGIN_DECLS

LimnVulkanRecorder *limn_vulkan_recorder_new (LimnVulkan *vulkan);
void                limn_vulkan_recorder_free (LimnVulkanRecorder *recorder);

/* The node whose dispatches follow, for times and errors. */
void limn_vulkan_recorder_set_node (LimnVulkanRecorder *recorder,
                                    const LimnNode     *node);

/* A copy among the dispatches. */
gboolean limn_vulkan_recorder_copy (LimnVulkanRecorder *recorder,
                                    LimnVulkanSpan      from,
                                    LimnVulkanSpan      to,
                                    GError            **error);

/* Ends recording; results are made visible to the host. */
gboolean limn_vulkan_recorder_finish (LimnVulkanRecorder *recorder,
                                      GError            **error);

/* Submits what was recorded and waits for its end. */
gboolean limn_vulkan_recorder_run (LimnVulkanRecorder *recorder,
                                   GError            **error);

G_END_DECLS
