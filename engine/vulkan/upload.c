/* Uploads: bytes from the host into device memory, through a staging ring where the host cannot write there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/upload.h"

#define SLOTS 3
#define SLOT_SIZE ((gsize) 8 << 20)

typedef struct
{
  LimnVulkanPiece piece;
  VkCommandBuffer commands;
  VkFence         fence; /* signalled while the slot is free */
} Slot;

/* The ring: while one slot is copied by the device, the next one is filled. */
struct _LimnVulkanUpload
{
  Slot slots[SLOTS];
  int  next;
};

static VkResult
create_slot (LimnVulkan *vulkan,
             Slot       *slot)
{
  const VkCommandBufferAllocateInfo commands = {
    .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
    .commandPool = vulkan->commands,
    .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
    .commandBufferCount = 1,
  };
  const VkFenceCreateInfo fence = { .sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, .flags = VK_FENCE_CREATE_SIGNALED_BIT };
  VkResult                result = vkAllocateCommandBuffers (vulkan->device, &commands, &slot->commands);

  return result == VK_SUCCESS ? vkCreateFence (vulkan->device, &fence, NULL, &slot->fence) : result;
}

static gboolean
create_ring (LimnVulkan *vulkan,
             GError    **error)
{
  vulkan->upload = g_new0 (LimnVulkanUpload, 1);
  for (int i = 0; i < SLOTS; i++)
    {
      Slot    *slot = &vulkan->upload->slots[i];
      VkResult result = create_slot (vulkan, slot);

      if (result != VK_SUCCESS)
        return limn_vulkan_fail (error, result, "prepare uploads to the graphics card");
      if (!limn_vulkan_allocate (vulkan, SLOT_SIZE, LIMN_VULKAN_MEMORY_HOST, &slot->piece, error))
        return FALSE;
    }
  return TRUE;
}

void
limn_vulkan_upload_free (LimnVulkan *vulkan)
{
  LimnVulkanUpload *upload = g_steal_pointer (&vulkan->upload);

  for (int i = 0; upload != NULL && i < SLOTS; i++)
    {
      vkDestroyFence (vulkan->device, upload->slots[i].fence, NULL);
      limn_vulkan_deallocate (vulkan, &upload->slots[i].piece);
    }
  g_free (upload);
}

static VkResult
record_copy (const Slot            *slot,
             const LimnVulkanPiece *piece,
             VkDeviceSize           at,
             gsize                  n)
{
  const VkCommandBufferBeginInfo begin = { .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                           .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT };
  const VkBufferCopy             copy = { slot->piece.span.offset, piece->span.offset + at, n };
  const VkMemoryBarrier          barrier = { .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                                             .srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT,
                                             .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT };
  VkResult                       result = vkBeginCommandBuffer (slot->commands, &begin);

  if (result != VK_SUCCESS)
    return result;
  vkCmdCopyBuffer (slot->commands, slot->piece.span.buffer, piece->span.buffer, 1, &copy);
  vkCmdPipelineBarrier (slot->commands, VK_PIPELINE_STAGE_TRANSFER_BIT,
                        VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 1, &barrier, 0, NULL, 0, NULL);
  return vkEndCommandBuffer (slot->commands);
}

static VkResult
send (LimnVulkan            *vulkan,
      Slot                  *slot,
      const LimnVulkanPiece *piece,
      VkDeviceSize           at,
      const void            *data,
      gsize                  n)
{
  const VkSubmitInfo submit = { .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO, .commandBufferCount = 1, .pCommandBuffers = &slot->commands };
  VkResult           result = vkWaitForFences (vulkan->device, 1, &slot->fence, VK_TRUE, G_MAXUINT64);

  if (result != VK_SUCCESS)
    return result;
  memcpy (slot->piece.mapped, data, n);
  result = record_copy (slot, piece, at, n);
  if (result == VK_SUCCESS)
    result = vkResetFences (vulkan->device, 1, &slot->fence);
  return result == VK_SUCCESS ? vkQueueSubmit (vulkan->queue, 1, &submit, slot->fence) : result;
}

gboolean
limn_vulkan_upload (LimnVulkan            *vulkan,
                    const LimnVulkanPiece *piece,
                    VkDeviceSize           at,
                    const void            *data,
                    gsize                  n,
                    GError               **error)
{
  if (piece->mapped != NULL)
    {
      memcpy (piece->mapped + at, data, n);
      return TRUE;
    }
  if (vulkan->upload == NULL && !create_ring (vulkan, error))
    return FALSE;
  for (gsize done = 0; done < n; done += SLOT_SIZE)
    {
      Slot    *slot = &vulkan->upload->slots[vulkan->upload->next];
      VkResult result = send (vulkan, slot, piece, at + done, (const guint8 *) data + done, MIN (n - done, SLOT_SIZE));

      if (result != VK_SUCCESS)
        return limn_vulkan_fail (error, result, "copy the model to the graphics card");
      vulkan->upload->next = (vulkan->upload->next + 1) % SLOTS;
    }
  return TRUE;
}
