/* Times of dispatches, taken by the device, summed by shader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/device.h"

G_BEGIN_DECLS

typedef struct _LimnVulkanProfile LimnVulkanProfile;

LimnVulkanProfile *limn_vulkan_profile_new (LimnVulkan *vulkan);
void               limn_vulkan_profile_free (LimnVulkanProfile *profile);

/* Around a dispatch of @shader with so many operations, recorded into @commands. */
void limn_vulkan_profile_begin (LimnVulkanProfile *profile,
                                VkCommandBuffer    commands,
                                const char        *shader,
                                double             operations);
void limn_vulkan_profile_end (LimnVulkanProfile *profile,
                              VkCommandBuffer    commands);

/* After a run: adds its times. */
void limn_vulkan_profile_add (LimnVulkanProfile *profile);

G_END_DECLS
