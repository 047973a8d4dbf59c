/* Uploads: bytes from the host into device memory, through a staging ring where the host cannot write there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/memory.h"

G_BEGIN_DECLS

/**
 * limn_vulkan_upload:
 * @piece: to which
 * @at: bytes from its start
 * @data: @n bytes
 *
 * Copies; waits only when the ring is full. What was uploaded is there for every command submitted afterwards.
 */
gboolean limn_vulkan_upload (LimnVulkan            *vulkan,
                             const LimnVulkanPiece *piece,
                             VkDeviceSize           at,
                             const void            *data,
                             gsize                  n,
                             GError               **error);
void     limn_vulkan_upload_free (LimnVulkan *vulkan);

G_END_DECLS
