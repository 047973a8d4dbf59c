/* A graphics card opened: device, queue, limits, and what all of the backend shares.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/backend.h"
#include "engine/vulkan/instance.h"
#include "engine/vulkan/vulkan.h"

G_BEGIN_DECLS

typedef struct _LimnVulkanPipelines LimnVulkanPipelines;
typedef struct _LimnVulkanUpload    LimnVulkanUpload;

/**
 * LimnVulkan:
 * @info: of the device; owned by @instance
 * @max_allocation: bytes of the largest allocation and buffer
 * @commands: pool of all command buffers
 * @blocks: allocations that pieces are cut from (engine/vulkan/memory.c)
 * @packs: weights in device memory (engine/vulkan/pack.c)
 * @profile: whether times of dispatches are taken
 */
struct _LimnVulkan
{
  LimnBackend                      backend;
  LimnVulkanInstance              *instance;
  const LimnVulkanInfo            *info;
  VkDevice                         device;
  VkQueue                          queue;
  VkCommandPool                    commands;
  VkPhysicalDeviceMemoryProperties memory;
  VkDeviceSize                     max_allocation;
  double                           timestamp_period; /* nanoseconds */
  LimnVulkanLimits                 limits;
  GPtrArray                       *blocks;
  GHashTable                      *packs;
  LimnVulkanPipelines             *pipelines;
  LimnVulkanUpload                *upload;
  gboolean                         profile;
};

/**
 * limn_vulkan_new:
 * @index: of the device, %LIMN_VULKAN_FASTEST or %LIMN_VULKAN_CARD
 *
 * Environment, for tests: LIMN_VULKAN_BINDING=BYTES lowers the largest binding, LIMN_VULKAN_ALLOCATION=BYTES the largest allocation,
 * LIMN_VULKAN_HARDWARE has software devices run what graphics cards run, LIMN_DEBUG=profile takes the times of dispatches and writes them to stderr at the end.
 *
 * Returns: (transfer full): the backend, or %NULL with %LIMN_ENGINE_ERROR_DEVICE or %LIMN_ENGINE_ERROR_MEMORY
 */
LimnVulkan  *limn_vulkan_new (int      index,
                              GError **error);
void         limn_vulkan_free (LimnVulkan *vulkan);
LimnBackend *limn_vulkan_backend (LimnVulkan *vulkan);

/* Returns: (transfer none): the device's description */
const LimnVulkanInfo *limn_vulkan_info (const LimnVulkan *vulkan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnVulkan, limn_vulkan_free)

G_END_DECLS
