/* Device memory: pieces cut from a few large allocations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/memory.h"

#include "engine/core/arena.h"

#define BLOCK_SIZE ((VkDeviceSize) 128 << 20)

/* What is left for the desktop and for rounding when the driver says how much there is. */
#define RESERVE ((VkDeviceSize) 64 << 20)

typedef struct
{
  VkDeviceSize offset, size;
} FreeRange;

/* One allocation under one buffer. */
struct _LimnVulkanBlock
{
  LimnVulkanMemoryKind kind;
  VkDeviceMemory       memory;
  VkBuffer             buffer;
  VkDeviceSize         size;
  guint8              *mapped;
  GArray              *free; /* FreeRange, by offset, never touching each other */
};

static void
block_free (LimnVulkan      *vulkan,
            LimnVulkanBlock *block)
{
  vkDeviceWaitIdle (vulkan->device); /* an upload into it may be under way */
  if (block->buffer != VK_NULL_HANDLE)
    vkDestroyBuffer (vulkan->device, block->buffer, NULL);
  if (block->memory != VK_NULL_HANDLE)
    vkFreeMemory (vulkan->device, block->memory, NULL);
  g_array_unref (block->free);
  g_free (block);
}

/* Flags to look for, the best first; the last one of each kind is there on every device. */
static const VkMemoryPropertyFlags wanted_flags[][3] = {
  [LIMN_VULKAN_MEMORY_DEVICE] = { VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0, 0 },
  [LIMN_VULKAN_MEMORY_HOST] = {
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT,
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT,
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT },
};

#define REACHABLE (VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT)

static int
find_type_with (const LimnVulkan     *vulkan,
                guint32               allowed,
                VkMemoryPropertyFlags flags)
{
  for (guint32 i = 0; i < vulkan->memory.memoryTypeCount; i++)
    if ((allowed & 1u << i) && (vulkan->memory.memoryTypes[i].propertyFlags & flags) == flags)
      return (int) i;
  return -1;
}

static int
find_type (const LimnVulkan    *vulkan,
           guint32              allowed,
           LimnVulkanMemoryKind kind)
{
  int type = -1;

  /* Where memory is shared, copies to and from the host are spared. */
  if (vulkan->info->unified)
    type = find_type_with (vulkan, allowed, wanted_flags[kind][0] | REACHABLE);
  for (int i = 0; i < 3 && type < 0; i++)
    type = find_type_with (vulkan, allowed, wanted_flags[kind][i]);
  return type;
}

static guint64
host_memory_left (void)
{
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return G_MAXUINT64;
  line = strstr (text, "MemAvailable:");
  return line != NULL ? g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10) * 1024 : G_MAXUINT64;
}

static guint64
heap_left (const LimnVulkan *vulkan,
           guint32           heap)
{
  VkPhysicalDeviceMemoryBudgetPropertiesEXT budget = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT };
  VkPhysicalDeviceMemoryProperties2         memory = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2, .pNext = &budget };
  guint64                                   left = G_MAXUINT64;

  if (vulkan->info->memory_budget)
    {
      vkGetPhysicalDeviceMemoryProperties2 (vulkan->info->device, &memory);
      left = budget.heapBudget[heap] - MIN (budget.heapBudget[heap], budget.heapUsage[heap] + RESERVE);
    }
  return vulkan->info->unified ? MIN (left, host_memory_left ()) : left;
}

static gboolean
check_left (const LimnVulkan *vulkan,
            guint32           type,
            VkDeviceSize      size,
            GError          **error)
{
  guint64 left = heap_left (vulkan, vulkan->memory.memoryTypes[type].heapIndex);

  if (size <= left)
    return TRUE;
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
               "the graphics card's memory is too small: %.2f GB more are needed and %.2f GB are free; "
               "choose a smaller picture, close other programs or take LIMN_DEVICE=cpu",
               (double) size / 1e9, (double) left / 1e9);
  return FALSE;
}

static VkResult
block_fill (LimnVulkan                 *vulkan,
            LimnVulkanBlock            *block,
            const VkMemoryRequirements *needs,
            guint32                     type)
{
  const VkMemoryAllocateInfo info = {
    .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
    .allocationSize = needs->size,
    .memoryTypeIndex = type,
  };
  VkResult result = vkAllocateMemory (vulkan->device, &info, NULL, &block->memory);
  void    *mapped = NULL;

  if (result == VK_SUCCESS)
    result = vkBindBufferMemory (vulkan->device, block->buffer, block->memory, 0);
  if (result == VK_SUCCESS && (vulkan->memory.memoryTypes[type].propertyFlags & REACHABLE) == REACHABLE)
    result = vkMapMemory (vulkan->device, block->memory, 0, VK_WHOLE_SIZE, 0, &mapped);
  block->mapped = mapped;
  return result;
}

static LimnVulkanBlock *
block_new (LimnVulkan          *vulkan,
           VkDeviceSize         size,
           LimnVulkanMemoryKind kind,
           GError             **error)
{
  LimnVulkanBlock         *block = g_new0 (LimnVulkanBlock, 1);
  const VkBufferCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
    .size = size,
    .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT,
  };
  VkMemoryRequirements needs;
  FreeRange            all = { 0, size };
  VkResult             result = vkCreateBuffer (vulkan->device, &info, NULL, &block->buffer);
  gboolean             ok = result == VK_SUCCESS;
  int                  type = -1;

  block->kind = kind;
  block->size = size;
  block->free = g_array_new (FALSE, FALSE, sizeof (FreeRange));
  g_array_append_val (block->free, all);
  if (ok)
    {
      vkGetBufferMemoryRequirements (vulkan->device, block->buffer, &needs);
      type = find_type (vulkan, needs.memoryTypeBits, kind);
      ok = check_left (vulkan, (guint32) type, needs.size, error);
      result = ok ? block_fill (vulkan, block, &needs, (guint32) type) : VK_SUCCESS;
    }
  if (ok && result == VK_SUCCESS)
    return block;
  if (result != VK_SUCCESS)
    limn_vulkan_fail (error, result, "get memory for the model");
  block_free (vulkan, block);
  return NULL;
}

/* The first free range of @size bytes, whose beginning is then taken. */
static gboolean
block_take (LimnVulkanBlock *block,
            VkDeviceSize     size,
            LimnVulkanPiece *piece)
{
  for (guint i = 0; i < block->free->len; i++)
    {
      FreeRange *range = &g_array_index (block->free, FreeRange, i);

      if (range->size < size)
        continue;
      *piece = (LimnVulkanPiece){ { block->buffer, range->offset, size },
                                  block->mapped != NULL ? block->mapped + range->offset : NULL,
                                  block };
      range->offset += size;
      range->size -= size;
      if (range->size == 0)
        g_array_remove_index (block->free, i);
      return TRUE;
    }
  return FALSE;
}

gboolean
limn_vulkan_allocate (LimnVulkan          *vulkan,
                      VkDeviceSize         size,
                      LimnVulkanMemoryKind kind,
                      LimnVulkanPiece     *piece,
                      GError             **error)
{
  LimnVulkanBlock *block;
  VkDeviceSize     rounded = (MAX (size, 1) + LIMN_ARENA_ALIGN - 1) / LIMN_ARENA_ALIGN * LIMN_ARENA_ALIGN;
  VkDeviceSize     common = MIN (BLOCK_SIZE, vulkan->max_allocation / LIMN_ARENA_ALIGN * LIMN_ARENA_ALIGN);

  for (guint i = 0; i < vulkan->blocks->len; i++)
    {
      block = vulkan->blocks->pdata[i];
      if (block->kind == kind && block_take (block, rounded, piece))
        return TRUE;
    }
  /* What is large gets a block of its own, so that it leaves no hole when it goes. */
  block = block_new (vulkan, rounded > common / 4 ? rounded : common, kind, error);
  if (block == NULL)
    return FALSE;
  g_ptr_array_add (vulkan->blocks, block);
  return block_take (block, rounded, piece);
}

/* Puts a range back in its order and joins it with its neighbours. */
static void
block_return (LimnVulkanBlock *block,
              FreeRange        range)
{
  guint at = 0;

  while (at < block->free->len && g_array_index (block->free, FreeRange, at).offset < range.offset)
    at++;
  if (at < block->free->len && g_array_index (block->free, FreeRange, at).offset == range.offset + range.size)
    {
      range.size += g_array_index (block->free, FreeRange, at).size;
      g_array_remove_index (block->free, at);
    }
  if (at > 0)
    {
      FreeRange *before = &g_array_index (block->free, FreeRange, at - 1);

      if (before->offset + before->size == range.offset)
        {
          before->size += range.size;
          return;
        }
    }
  g_array_insert_val (block->free, at, range);
}

void
limn_vulkan_deallocate (LimnVulkan      *vulkan,
                        LimnVulkanPiece *piece)
{
  LimnVulkanBlock *block = piece->block;
  FreeRange        range = { piece->span.offset, piece->span.size };

  if (block == NULL)
    return;
  block_return (block, range);
  if (block->free->len == 1 && g_array_index (block->free, FreeRange, 0).size == block->size)
    {
      g_ptr_array_remove (vulkan->blocks, block);
      block_free (vulkan, block);
    }
  *piece = (LimnVulkanPiece){ 0 };
}

void
limn_vulkan_memory_clear (LimnVulkan *vulkan)
{
  for (guint i = 0; i < vulkan->blocks->len; i++)
    block_free (vulkan, vulkan->blocks->pdata[i]);
  g_ptr_array_set_size (vulkan->blocks, 0);
}
