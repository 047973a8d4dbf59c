/* Recording: dispatches become command buffers that are submitted as often as wanted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/record.h"

#include "engine/vulkan/pipeline.h"
#include "engine/vulkan/profile.h"

#define SETS_PER_POOL 256

/* Operations of one submission: what drivers give up on is not a dispatch but a job that takes many seconds. */
#define SUBMISSION_OPERATIONS 1e12

/* Something that dispatches since the last barrier read or wrote. */
typedef struct
{
  VkBuffer         buffer;
  VkDeviceSize     begin, end;
  LimnVulkanAccess access;
} Touched;

struct _LimnVulkanRecorder
{
  LimnVulkan        *vulkan;
  GArray            *commands; /* VkCommandBuffer; the last one is being recorded */
  GArray            *pools;    /* VkDescriptorPool; the last one has @sets_left */
  GArray            *views;    /* VkBufferView */
  GArray            *touched;  /* Touched, since the last barrier */
  int                sets_left;
  double             operations; /* in the last command buffer */
  gboolean           recording;
  const LimnNode    *node;
  VkFence            fence;
  LimnVulkanProfile *profile; /* nullable */
};

LimnVulkanRecorder *
limn_vulkan_recorder_new (LimnVulkan *vulkan)
{
  LimnVulkanRecorder *recorder = g_new0 (LimnVulkanRecorder, 1);

  recorder->vulkan = vulkan;
  recorder->commands = g_array_new (FALSE, TRUE, sizeof (VkCommandBuffer));
  recorder->pools = g_array_new (FALSE, TRUE, sizeof (VkDescriptorPool));
  recorder->views = g_array_new (FALSE, TRUE, sizeof (VkBufferView));
  recorder->touched = g_array_new (FALSE, TRUE, sizeof (Touched));
  recorder->profile = vulkan->profile ? limn_vulkan_profile_new (vulkan) : NULL;
  return recorder;
}

void
limn_vulkan_recorder_free (LimnVulkanRecorder *recorder)
{
  LimnVulkan *vulkan;

  if (recorder == NULL)
    return;
  vulkan = recorder->vulkan;
  if (recorder->commands->len > 0)
    vkFreeCommandBuffers (vulkan->device, vulkan->commands, recorder->commands->len, (VkCommandBuffer *) recorder->commands->data);
  for (guint i = 0; i < recorder->pools->len; i++)
    vkDestroyDescriptorPool (vulkan->device, g_array_index (recorder->pools, VkDescriptorPool, i), NULL);
  for (guint i = 0; i < recorder->views->len; i++)
    vkDestroyBufferView (vulkan->device, g_array_index (recorder->views, VkBufferView, i), NULL);
  vkDestroyFence (vulkan->device, recorder->fence, NULL);
  limn_vulkan_profile_free (recorder->profile);
  g_array_unref (recorder->commands);
  g_array_unref (recorder->pools);
  g_array_unref (recorder->views);
  g_array_unref (recorder->touched);
  g_free (recorder);
}

void
limn_vulkan_recorder_set_node (LimnVulkanRecorder *recorder,
                               const LimnNode     *node)
{
  recorder->node = node;
}

/* --- command buffers --------------------------------------------------------------------------------------------- */

static VkCommandBuffer
current (const LimnVulkanRecorder *recorder)
{
  return g_array_index (recorder->commands, VkCommandBuffer, recorder->commands->len - 1);
}

static gboolean
end_commands (LimnVulkanRecorder *recorder,
              GError            **error)
{
  VkResult result = recorder->recording ? vkEndCommandBuffer (current (recorder)) : VK_SUCCESS;

  recorder->recording = FALSE;
  recorder->operations = 0;
  return result == VK_SUCCESS || limn_vulkan_fail (error, result, "record commands");
}

static gboolean
begin_commands (LimnVulkanRecorder *recorder,
                GError            **error)
{
  LimnVulkan                       *vulkan = recorder->vulkan;
  VkCommandBuffer                   commands = VK_NULL_HANDLE;
  const VkCommandBufferAllocateInfo info = {
    .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
    .commandPool = vulkan->commands,
    .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
    .commandBufferCount = 1,
  };
  const VkCommandBufferBeginInfo begin = { .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO };
  VkResult                       result = vkAllocateCommandBuffers (vulkan->device, &info, &commands);

  if (result == VK_SUCCESS)
    {
      g_array_append_val (recorder->commands, commands);
      result = vkBeginCommandBuffer (commands, &begin);
    }
  recorder->recording = result == VK_SUCCESS;
  return result == VK_SUCCESS || limn_vulkan_fail (error, result, "record commands");
}

/* A command buffer with room for @operations more. */
static gboolean
make_room (LimnVulkanRecorder *recorder,
           double              operations,
           GError            **error)
{
  if (recorder->recording && recorder->operations > 0 && recorder->operations + operations > SUBMISSION_OPERATIONS
      && !end_commands (recorder, error))
    return FALSE;
  if (!recorder->recording && !begin_commands (recorder, error))
    return FALSE;
  recorder->operations += operations;
  return TRUE;
}

/* --- barriers ---------------------------------------------------------------------------------------------------- */

static gboolean
collides (const LimnVulkanRecorder *recorder,
          const LimnVulkanBinding  *binding)
{
  VkDeviceSize begin = binding->span.offset, end = begin + binding->span.size;

  for (guint i = 0; i < recorder->touched->len; i++)
    {
      const Touched *touched = &g_array_index (recorder->touched, Touched, i);

      if (touched->buffer == binding->span.buffer && touched->begin < end && begin < touched->end
          && ((touched->access | binding->access) & LIMN_VULKAN_WRITE))
        return TRUE;
    }
  return FALSE;
}

static void
barrier (LimnVulkanRecorder  *recorder,
         VkPipelineStageFlags stages,
         VkAccessFlags        access)
{
  const VkMemoryBarrier memory = {
    .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
    .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
    .dstAccessMask = access,
  };

  vkCmdPipelineBarrier (current (recorder), VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT,
                        stages, 0, 1, &memory, 0, NULL, 0, NULL);
  g_array_set_size (recorder->touched, 0);
}

static void
touch (LimnVulkanRecorder      *recorder,
       const LimnVulkanBinding *bindings,
       int                      n)
{
  gboolean wait = FALSE;

  for (int i = 0; i < n; i++)
    wait = wait || collides (recorder, &bindings[i]);
  if (wait)
    barrier (recorder, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT,
             VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT);
  for (int i = 0; i < n; i++)
    {
      const LimnVulkanSpan *span = &bindings[i].span;
      const Touched         touched = { span->buffer, span->offset, span->offset + span->size, bindings[i].access };

      g_array_append_val (recorder->touched, touched);
    }
}

/* --- descriptors ------------------------------------------------------------------------------------------------- */

static VkResult
add_pool (LimnVulkanRecorder *recorder)
{
  const VkDescriptorPoolSize       sizes[] = { { VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, SETS_PER_POOL * LIMN_VULKAN_MAX_BINDINGS },
                                               { VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, SETS_PER_POOL * LIMN_VULKAN_MAX_BINDINGS } };
  const VkDescriptorPoolCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
    .maxSets = SETS_PER_POOL,
    .poolSizeCount = G_N_ELEMENTS (sizes),
    .pPoolSizes = sizes,
  };
  VkDescriptorPool pool = VK_NULL_HANDLE;
  VkResult         result = vkCreateDescriptorPool (recorder->vulkan->device, &info, NULL, &pool);

  if (result != VK_SUCCESS)
    return result;
  g_array_append_val (recorder->pools, pool);
  recorder->sets_left = SETS_PER_POOL;
  return VK_SUCCESS;
}

static const struct
{
  VkFormat     format;
  VkDeviceSize size; /* of a texel */
} texel_formats[] = {
  [LIMN_TEXELS_F32] = { VK_FORMAT_R32G32B32A32_SFLOAT, 16 },
  [LIMN_TEXELS_F16] = { VK_FORMAT_R16G16B16A16_SFLOAT, 8 },
};

/* Memory behind a span is rounded up to more than a texel, so the last one may be bound whole. */
static VkResult
make_view (LimnVulkanRecorder      *recorder,
           const LimnVulkanBinding *binding,
           VkBufferView            *view)
{
  VkDeviceSize                 texel = texel_formats[binding->texels].size;
  const VkBufferViewCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO,
    .buffer = binding->span.buffer,
    .format = texel_formats[binding->texels].format,
    .offset = binding->span.offset,
    .range = (binding->span.size + texel - 1) / texel * texel,
  };
  VkResult result = vkCreateBufferView (recorder->vulkan->device, &info, NULL, view);

  if (result == VK_SUCCESS)
    g_array_append_val (recorder->views, *view);
  return result;
}

static VkResult
write_set (LimnVulkanRecorder       *recorder,
           const LimnVulkanDispatch *dispatch,
           VkDescriptorSet           set)
{
  for (int i = 0; i < dispatch->n_bindings; i++)
    {
      const LimnVulkanBinding *binding = &dispatch->bindings[i];
      const LimnVulkanSpan    *span = &binding->span;
      VkBufferView             view = VK_NULL_HANDLE;
      /* Whole words, since half floats are read in pairs. */
      const VkDescriptorBufferInfo buffer = { span->buffer, span->offset, (span->size + 3) / 4 * 4 };
      const VkWriteDescriptorSet   write = {
          .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
          .dstSet = set,
          .dstBinding = (guint32) i,
          .descriptorCount = 1,
          .descriptorType = binding->texels != LIMN_NO_TEXELS ? VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
          .pBufferInfo = &buffer,
          .pTexelBufferView = &view,
      };
      VkResult result = binding->texels != LIMN_NO_TEXELS ? make_view (recorder, binding, &view) : VK_SUCCESS;

      if (result != VK_SUCCESS)
        return result;
      vkUpdateDescriptorSets (recorder->vulkan->device, 1, &write, 0, NULL);
    }
  return VK_SUCCESS;
}

static VkResult
make_set (LimnVulkanRecorder       *recorder,
          const LimnVulkanPipeline *pipeline,
          const LimnVulkanDispatch *dispatch,
          VkDescriptorSet          *set)
{
  VkDescriptorSetAllocateInfo info = {
    .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
    .descriptorSetCount = 1,
    .pSetLayouts = &pipeline->set,
  };
  VkResult result = recorder->sets_left == 0 ? add_pool (recorder) : VK_SUCCESS;

  if (result != VK_SUCCESS)
    return result;
  info.descriptorPool = g_array_index (recorder->pools, VkDescriptorPool, recorder->pools->len - 1);
  result = vkAllocateDescriptorSets (recorder->vulkan->device, &info, set);
  if (result != VK_SUCCESS)
    return result;
  recorder->sets_left--;
  return write_set (recorder, dispatch, *set);
}

/* --- recording --------------------------------------------------------------------------------------------------- */

static gboolean
check_dispatch (const LimnVulkanRecorder *recorder,
                const LimnVulkanDispatch *dispatch,
                GError                  **error)
{
  const LimnVulkanLimits *limits = &recorder->vulkan->limits;

  for (int i = 0; i < dispatch->n_bindings; i++)
    if (dispatch->bindings[i].span.size > limits->binding)
      return limn_shape_error (error, recorder->node,
                               "this graphics driver reaches %.0f MB at once and %.0f MB are needed; choose a smaller picture or LIMN_DEVICE=cpu",
                               (double) limits->binding / 1e6, (double) dispatch->bindings[i].span.size / 1e6);
  for (int i = 0; i < 3; i++)
    if (dispatch->groups[i] > limits->groups[i])
      return limn_shape_error (error, recorder->node,
                               "%u workgroups, and this graphics driver takes %u; choose a smaller picture or LIMN_DEVICE=cpu",
                               dispatch->groups[i], limits->groups[i]);
  return TRUE;
}

gboolean
limn_vulkan_recorder_dispatch (LimnVulkanRecorder       *recorder,
                               const LimnVulkanDispatch *dispatch,
                               GError                  **error)
{
  const LimnVulkanPipeline *pipeline = limn_vulkan_pipeline (recorder->vulkan, dispatch, error);
  VkDescriptorSet           set = VK_NULL_HANDLE;
  VkCommandBuffer           commands;
  VkResult                  result;

  if (pipeline == NULL || !check_dispatch (recorder, dispatch, error) || !make_room (recorder, dispatch->operations, error))
    return FALSE;
  result = make_set (recorder, pipeline, dispatch, &set);
  if (result != VK_SUCCESS)
    return limn_vulkan_fail (error, result, "record commands");

  touch (recorder, dispatch->bindings, dispatch->n_bindings);
  commands = current (recorder);
  if (recorder->profile != NULL)
    limn_vulkan_profile_begin (recorder->profile, commands, dispatch->shader, dispatch->operations);
  vkCmdBindPipeline (commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->pipeline);
  vkCmdBindDescriptorSets (commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline->layout, 0, 1, &set, 0, NULL);
  if (dispatch->push_size > 0)
    vkCmdPushConstants (commands, pipeline->layout, VK_SHADER_STAGE_COMPUTE_BIT, 0, (guint32) dispatch->push_size, dispatch->push);
  vkCmdDispatch (commands, dispatch->groups[0], dispatch->groups[1], dispatch->groups[2]);
  if (recorder->profile != NULL)
    limn_vulkan_profile_end (recorder->profile, commands);
  return TRUE;
}

gboolean
limn_vulkan_recorder_copy (LimnVulkanRecorder *recorder,
                           LimnVulkanSpan      from,
                           LimnVulkanSpan      to,
                           GError            **error)
{
  const VkBufferCopy      copy = { from.offset, to.offset, MIN (from.size, to.size) };
  const LimnVulkanBinding bindings[] = { { .span = from, .access = LIMN_VULKAN_READ }, { .span = to, .access = LIMN_VULKAN_WRITE } };

  if (!make_room (recorder, 0, error))
    return FALSE;
  touch (recorder, bindings, G_N_ELEMENTS (bindings));
  vkCmdCopyBuffer (current (recorder), from.buffer, to.buffer, 1, &copy);
  return TRUE;
}

gboolean
limn_vulkan_recorder_finish (LimnVulkanRecorder *recorder,
                             GError            **error)
{
  const VkFenceCreateInfo info = { .sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO };
  VkResult                result;

  if (!make_room (recorder, 0, error))
    return FALSE;
  barrier (recorder, VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT);
  if (!end_commands (recorder, error))
    return FALSE;
  result = vkCreateFence (recorder->vulkan->device, &info, NULL, &recorder->fence);
  return result == VK_SUCCESS || limn_vulkan_fail (error, result, "record commands");
}

/* All submissions go out at once; only the last one's end is waited for. */
static VkResult
submit_all (LimnVulkanRecorder *recorder)
{
  LimnVulkan *vulkan = recorder->vulkan;
  VkResult    result = vkResetFences (vulkan->device, 1, &recorder->fence);
  guint       n = recorder->commands->len;

  for (guint i = 0; i < n && result == VK_SUCCESS; i++)
    {
      const VkSubmitInfo submit = {
        .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
        .commandBufferCount = 1,
        .pCommandBuffers = &g_array_index (recorder->commands, VkCommandBuffer, i),
      };

      result = vkQueueSubmit (vulkan->queue, 1, &submit, i + 1 == n ? recorder->fence : VK_NULL_HANDLE);
    }
  if (result == VK_SUCCESS)
    result = vkWaitForFences (vulkan->device, 1, &recorder->fence, VK_TRUE, G_MAXUINT64);
  return result;
}

gboolean
limn_vulkan_recorder_run (LimnVulkanRecorder *recorder,
                          GError            **error)
{
  VkResult result = submit_all (recorder);

  if (result != VK_SUCCESS)
    return limn_vulkan_fail (error, result, "compute");
  if (recorder->profile != NULL)
    limn_vulkan_profile_add (recorder->profile);
  return TRUE;
}
