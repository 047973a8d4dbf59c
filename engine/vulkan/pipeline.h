/* Pipelines: shaders made ready for a device, each once, and kept on disk between runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/device.h"

G_BEGIN_DECLS

typedef struct
{
  VkPipeline            pipeline;
  VkPipelineLayout      layout;
  VkDescriptorSetLayout set;
} LimnVulkanPipeline;

LimnVulkanPipelines *limn_vulkan_pipelines_new (LimnVulkan *vulkan,
                                                GError    **error);
void                 limn_vulkan_pipelines_free (LimnVulkan *vulkan);

/**
 * limn_vulkan_pipeline:
 *
 * Returns: (transfer none): the pipeline of the dispatch's shader, constants and number of bindings, made now if it is not there
 */
const LimnVulkanPipeline *limn_vulkan_pipeline (LimnVulkan               *vulkan,
                                                const LimnVulkanDispatch *dispatch,
                                                GError                  **error);

/**
 * limn_vulkan_shader_code:
 * @size: (out): bytes
 *
 * Returns: (nullable): SPIR-V of "NAME-TYPE"
 */
const guint32 *limn_vulkan_shader_code (const char *name,
                                        gsize      *size);

G_END_DECLS
