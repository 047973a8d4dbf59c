/* Device memory: pieces cut from a few large allocations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/device.h"

G_BEGIN_DECLS

typedef struct _LimnVulkanBlock LimnVulkanBlock;

typedef enum
{
  LIMN_VULKAN_MEMORY_DEVICE, /* where the card computes fastest; the host reaches it only where memory is shared */
  LIMN_VULKAN_MEMORY_HOST    /* what the host writes and reads */
} LimnVulkanMemoryKind;

/**
 * LimnVulkanPiece:
 * @mapped: (nullable): where the host sees it
 */
typedef struct
{
  LimnVulkanSpan   span;
  guint8          *mapped;
  LimnVulkanBlock *block;
} LimnVulkanPiece;

/**
 * limn_vulkan_allocate:
 *
 * Returns: %FALSE with %LIMN_ENGINE_ERROR_MEMORY that names what is needed and what there is
 */
gboolean limn_vulkan_allocate (LimnVulkan          *vulkan,
                               VkDeviceSize         size,
                               LimnVulkanMemoryKind kind,
                               LimnVulkanPiece     *piece,
                               GError             **error);

/* Gives a piece back, if it holds any; it is empty afterwards. */
void limn_vulkan_deallocate (LimnVulkan      *vulkan,
                             LimnVulkanPiece *piece);

/* Frees all blocks. */
void limn_vulkan_memory_clear (LimnVulkan *vulkan);

G_END_DECLS
