/* The Vulkan loader's side: which devices there are, and what each can do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"

#include <vulkan/vulkan.h>

G_BEGIN_DECLS

#define LIMN_VULKAN_FASTEST -1
#define LIMN_VULKAN_CARD -2

typedef struct _LimnVulkanInstance LimnVulkanInstance;

typedef enum
{
  LIMN_VULKAN_DISCRETE,
  LIMN_VULKAN_INTEGRATED,
  LIMN_VULKAN_VIRTUAL,
  LIMN_VULKAN_SOFTWARE
} LimnVulkanKind;

/**
 * LimnVulkanInfo:
 * @index: N of "vulkan:N"
 * @name, @driver: as the driver calls them
 * @kind: from the fastest to the slowest
 * @memory: bytes of device-local memory; @budget: what of it this process may use now
 * @unified: device memory is the host's
 * @subgroup: invocations of a subgroup
 * @refusal: (nullable): why it cannot be used
 *
 * The rest: whether the device and its driver have the feature. A device of Vulkan below 1.2 has a refusal.
 */
typedef struct
{
  int              index;
  char            *name, *driver;
  guint32          api_version;
  LimnVulkanKind   kind;
  guint64          memory, budget;
  gboolean         unified;
  guint32          subgroup;
  gboolean         f16_storage, f16_arithmetic, storage_8bit, subgroup_arithmetic;
  gboolean         memory_budget, cooperative_matrix;
  VkPhysicalDevice device;
  guint32          queue_family;
  char            *refusal;
} LimnVulkanInfo;

/**
 * limn_vulkan_instance_new:
 *
 * With LIMN_VALIDATION in the environment, the validation layer (synchronisation too) is asked for, and what it says is a critical
 * message.
 *
 * Returns: (transfer full): a connection to the loader, or %NULL with %LIMN_ENGINE_ERROR_DEVICE if no driver is installed
 */
LimnVulkanInstance *limn_vulkan_instance_new (GError **error);
void                limn_vulkan_instance_free (LimnVulkanInstance *instance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnVulkanInstance, limn_vulkan_instance_free)

VkInstance limn_vulkan_instance_handle (const LimnVulkanInstance *instance);

/**
 * limn_vulkan_instance_devices:
 *
 * Returns: (transfer none) (element-type LimnVulkanInfo): all devices, in the loader's order
 */
GPtrArray *limn_vulkan_instance_devices (LimnVulkanInstance *instance);

/**
 * limn_vulkan_instance_choose:
 * @index: the device's; %LIMN_VULKAN_FASTEST: of all; %LIMN_VULKAN_CARD: of those that are no software on the processor, which
 *   the CPU backend beats
 *
 * Returns: (transfer none): a usable device, or %NULL with %LIMN_ENGINE_ERROR_DEVICE
 */
const LimnVulkanInfo *limn_vulkan_instance_choose (LimnVulkanInstance *instance,
                                                   int                 index,
                                                   GError            **error);

/* "discrete", "integrated", "virtual" or "software" */
const char *limn_vulkan_kind_name (LimnVulkanKind kind);

/* What a VkResult means to a person. */
const char *limn_vulkan_result_text (VkResult result);

/**
 * limn_vulkan_fail:
 * @what: the call, as "allocate memory"
 *
 * Sets %LIMN_ENGINE_ERROR_MEMORY or %LIMN_ENGINE_ERROR_DEVICE.
 *
 * Returns: %FALSE
 */
gboolean limn_vulkan_fail (GError    **error,
                           VkResult    result,
                           const char *what);

G_END_DECLS
