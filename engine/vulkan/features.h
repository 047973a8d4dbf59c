/* What a graphics card and its driver can do, in words for people and scripts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/instance.h"

G_BEGIN_DECLS

/**
 * limn_vulkan_feature_names:
 * @info: of a device whose instance is still there
 *
 * Names of what speeds computing up, those that the device has: "f16-storage", "f16-arithmetic", "8bit-storage", "8bit-arithmetic",
 * "subgroup-N" (invocations), "subgroup-arithmetic", "cooperative-matrix", "memory-model", "buffer-addresses", "push-descriptors",
 * "memory-budget", "unified-memory".
 *
 * Returns: (transfer full) (array zero-terminated=1): none for a driver older than Vulkan 1.2
 */
char **limn_vulkan_feature_names (const LimnVulkanInfo *info);

G_END_DECLS
