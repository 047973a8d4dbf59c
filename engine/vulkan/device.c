/* A graphics card opened: device, queue, limits, and what all of the backend shares.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/device.h"

#include "engine/core/arena.h"
#include "engine/vulkan/memory.h"
#include "engine/vulkan/pack.h"
#include "engine/vulkan/pipeline.h"
#include "engine/vulkan/program.h"
#include "engine/vulkan/upload.h"

/* Operations after which a dispatch ends: a fifth of a second on the slowest graphics chip there is, some 0.2 TFLOP/s. */
#define WATCHDOG_OPERATIONS 4e10

/* A binding begins at a multiple of this, so that vectors of four floats are aligned. */
#define MIN_ALIGNMENT 16

/* The arena of a plan is cut into pieces of this size at the most, where the device allows more. */
#define MAX_SEGMENT ((VkDeviceSize) 2 << 30)

const LimnVulkanLimits *
limn_vulkan_limits (const LimnVulkan *vulkan)
{
  return &vulkan->limits;
}

const LimnVulkanInfo *
limn_vulkan_info (const LimnVulkan *vulkan)
{
  return vulkan->info;
}

LimnBackend *
limn_vulkan_backend (LimnVulkan *vulkan)
{
  return &vulkan->backend;
}

/* A number from the environment that lowers @limit. */
static VkDeviceSize
lowered (VkDeviceSize limit,
         const char  *variable)
{
  const char *text = g_getenv (variable);
  guint64     value = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  return value > 0 ? MIN (limit, value) : limit;
}

static void
read_limits (LimnVulkan *vulkan)
{
  VkPhysicalDeviceMaintenance3Properties maintenance = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES };
  VkPhysicalDeviceProperties2            properties = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &maintenance };
  const VkPhysicalDeviceLimits          *limits = &properties.properties.limits;
  LimnVulkanLimits                      *ours = &vulkan->limits;
  VkDeviceSize                           segment;

  vkGetPhysicalDeviceProperties2 (vulkan->info->device, &properties);
  vkGetPhysicalDeviceMemoryProperties (vulkan->info->device, &vulkan->memory);
  ours->binding = lowered (limits->maxStorageBufferRange, "LIMN_VULKAN_BINDING");
  ours->alignment = MAX ((guint32) limits->minStorageBufferOffsetAlignment, MIN_ALIGNMENT);
  for (int i = 0; i < 3; i++)
    ours->groups[i] = limits->maxComputeWorkGroupCount[i];
  ours->group_size = MIN (limits->maxComputeWorkGroupInvocations, limits->maxComputeWorkGroupSize[0]);
  ours->shared = limits->maxComputeSharedMemorySize;
  ours->subgroup = vulkan->info->subgroup_arithmetic ? vulkan->info->subgroup : 0;
  ours->software = vulkan->info->kind == LIMN_VULKAN_SOFTWARE && g_getenv ("LIMN_VULKAN_HARDWARE") == NULL;

  vulkan->timestamp_period = limits->timestampPeriod;
  vulkan->max_allocation = lowered (maintenance.maxMemoryAllocationSize, "LIMN_VULKAN_ALLOCATION");
  segment = MIN (vulkan->max_allocation, MAX_SEGMENT);
  vulkan->backend.segment = segment / LIMN_ARENA_ALIGN * LIMN_ARENA_ALIGN;
}

static gboolean
create_device (LimnVulkan *vulkan,
               GError    **error)
{
  const LimnVulkanInfo            *info = vulkan->info;
  const float                      priority = 0;
  const char                      *extensions[4];
  guint32                          n_extensions = 0;
  VkPhysicalDeviceVulkan12Features twelve = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES };
  VkPhysicalDeviceVulkan11Features eleven = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES,
                                              .pNext = &twelve,
                                              .storageBuffer16BitAccess = info->f16_storage };
  const VkDeviceQueueCreateInfo    queue = {
       .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
       .queueFamilyIndex = info->queue_family,
       .queueCount = 1,
       .pQueuePriorities = &priority,
  };
  VkDeviceCreateInfo create = {
    .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
    .pNext = &eleven,
    .queueCreateInfoCount = 1,
    .pQueueCreateInfos = &queue,
    .ppEnabledExtensionNames = extensions,
  };
  VkResult result;

  if (info->memory_budget)
    extensions[n_extensions++] = VK_EXT_MEMORY_BUDGET_EXTENSION_NAME;
  create.enabledExtensionCount = n_extensions;
  result = vkCreateDevice (info->device, &create, NULL, &vulkan->device);
  if (result != VK_SUCCESS)
    return limn_vulkan_fail (error, result, "open the graphics card");
  vkGetDeviceQueue (vulkan->device, info->queue_family, 0, &vulkan->queue);
  return TRUE;
}

static gboolean
create_commands (LimnVulkan *vulkan,
                 GError    **error)
{
  const VkCommandPoolCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
    .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
    .queueFamilyIndex = vulkan->info->queue_family,
  };
  VkResult result = vkCreateCommandPool (vulkan->device, &info, NULL, &vulkan->commands);

  return result == VK_SUCCESS || limn_vulkan_fail (error, result, "prepare the graphics card");
}

static gboolean
has_debug_word (const char *word)
{
  g_auto (GStrv) words = g_strsplit (g_getenv ("LIMN_DEBUG") != NULL ? g_getenv ("LIMN_DEBUG") : "", ",", -1);

  return g_strv_contains ((const char *const *) words, word);
}

LimnVulkan *
limn_vulkan_new (int      index,
                 GError **error)
{
  g_autoptr (LimnVulkan) vulkan = g_new0 (LimnVulkan, 1);

  vulkan->backend.class = &limn_vulkan_class;
  vulkan->profile = has_debug_word ("profile");
  vulkan->blocks = g_ptr_array_new ();
  vulkan->packs = limn_vulkan_packs_new ();
  vulkan->instance = limn_vulkan_instance_new (error);
  if (vulkan->instance == NULL)
    return NULL;
  vulkan->info = limn_vulkan_instance_choose (vulkan->instance, index, error);
  if (vulkan->info == NULL)
    return NULL;
  read_limits (vulkan);
  if (!create_device (vulkan, error) || !create_commands (vulkan, error))
    return NULL;
  vulkan->pipelines = limn_vulkan_pipelines_new (vulkan, error);
  if (vulkan->pipelines == NULL)
    return NULL;
  return g_steal_pointer (&vulkan);
}

void
limn_vulkan_free (LimnVulkan *vulkan)
{
  if (vulkan == NULL)
    return;
  if (vulkan->device != VK_NULL_HANDLE)
    {
      vkDeviceWaitIdle (vulkan->device);
      limn_vulkan_upload_free (vulkan);
      limn_vulkan_pipelines_free (vulkan);
      if (vulkan->commands != VK_NULL_HANDLE)
        vkDestroyCommandPool (vulkan->device, vulkan->commands, NULL);
      limn_vulkan_memory_clear (vulkan);
      vkDestroyDevice (vulkan->device, NULL);
    }
  g_ptr_array_unref (vulkan->blocks);
  g_hash_table_unref (vulkan->packs);
  limn_vulkan_instance_free (vulkan->instance);
  g_free (vulkan);
}

LimnVulkanSpan
limn_vulkan_cut (const LimnVulkan *vulkan,
                 LimnVulkanSpan    span,
                 VkDeviceSize      first,
                 VkDeviceSize      n,
                 VkDeviceSize     *skip)
{
  VkDeviceSize begin = (span.offset + first) / vulkan->limits.alignment * vulkan->limits.alignment;

  *skip = span.offset + first - begin;
  return (LimnVulkanSpan){ span.buffer, begin, *skip + n };
}

gsize
limn_vulkan_rows_at_once (const LimnVulkan *vulkan,
                          VkDeviceSize      row_bytes,
                          double            row_operations,
                          gsize             rows_per_group)
{
  const LimnVulkanLimits *limits = &vulkan->limits;
  gsize                   by_binding = (limits->binding - limits->alignment) / MAX (row_bytes, 1);
  gsize                   by_groups = (gsize) limits->groups[1] * rows_per_group;
  double                  by_time = WATCHDOG_OPERATIONS / MAX (row_operations, 1);
  gsize                   rows = rows_per_group > 0 ? MIN (by_binding, by_groups) : by_binding;

  if (by_time < (double) rows)
    rows = (gsize) by_time;
  return rows_per_group > 0 ? MAX (rows / rows_per_group, 1) * rows_per_group : MAX (rows, 1);
}
