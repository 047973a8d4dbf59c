/* Pipelines: shaders made ready for a device, each once, and kept on disk between runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/pipeline.h"

#define MAX_CACHE_SIZE ((gsize) 256 << 20)

struct _LimnVulkanPipelines
{
  VkPipelineCache cache;
  GHashTable     *made; /* "shader constants…" → LimnVulkanPipeline */
  gboolean        changed;
  GHashTable     *layouts; /* of bindings → Layout */
};

/* What pipelines have in common whose bindings are alike. */
typedef struct
{
  VkDescriptorSetLayout set;
  VkPipelineLayout      layout;
} Layout;

/* --- on disk ----------------------------------------------------------------------------------------------------- */

static char *
cache_path (const LimnVulkan *vulkan)
{
  VkPhysicalDeviceProperties properties;
  g_autoptr (GString) name = g_string_new ("pipelines-");

  vkGetPhysicalDeviceProperties (vulkan->info->device, &properties);
  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", properties.pipelineCacheUUID[i]);
  return g_build_filename (g_get_user_cache_dir (), "limn", name->str, NULL);
}

/* A driver checks this too; but it is our file, so a wrong one must not even reach it. */
static gboolean
cache_is_ours (const LimnVulkan *vulkan,
               const char       *data,
               gsize             size)
{
  VkPipelineCacheHeaderVersionOne header;
  VkPhysicalDeviceProperties      properties;

  if (size < sizeof header || size > MAX_CACHE_SIZE)
    return FALSE;
  memcpy (&header, data, sizeof header);
  vkGetPhysicalDeviceProperties (vulkan->info->device, &properties);
  return header.headerVersion == VK_PIPELINE_CACHE_HEADER_VERSION_ONE
         && header.vendorID == properties.vendorID
         && header.deviceID == properties.deviceID
         && memcmp (header.pipelineCacheUUID, properties.pipelineCacheUUID, VK_UUID_SIZE) == 0;
}

static VkResult
open_cache (LimnVulkan          *vulkan,
            LimnVulkanPipelines *pipelines)
{
  g_autofree char          *path = cache_path (vulkan);
  g_autofree char          *data = NULL;
  gsize                     size = 0;
  VkPipelineCacheCreateInfo info = { .sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO };

  if (g_file_get_contents (path, &data, &size, NULL) && cache_is_ours (vulkan, data, size))
    {
      info.initialDataSize = size;
      info.pInitialData = data;
    }
  return vkCreatePipelineCache (vulkan->device, &info, NULL, &pipelines->cache);
}

/* Losing it costs a second at the next start, so failures are not worth a word. */
static void
save_cache (LimnVulkan          *vulkan,
            LimnVulkanPipelines *pipelines)
{
  g_autofree char *path = cache_path (vulkan);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *data = NULL;
  size_t           size = 0;

  if (!pipelines->changed || vkGetPipelineCacheData (vulkan->device, pipelines->cache, &size, NULL) != VK_SUCCESS)
    return;
  if (size == 0 || size > MAX_CACHE_SIZE)
    return;
  data = g_malloc (size);
  if (vkGetPipelineCacheData (vulkan->device, pipelines->cache, &size, data) != VK_SUCCESS)
    return;
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents (path, data, (gssize) size, NULL);
}

/* --- layouts ----------------------------------------------------------------------------------------------------- */

/* How many bindings there are, and which of them are texels. */
static guint
layout_key (const LimnVulkanDispatch *dispatch)
{
  guint key = 1;

  for (int i = 0; i < dispatch->n_bindings; i++)
    key = key << 1 | (dispatch->bindings[i].texels != LIMN_NO_TEXELS);
  return key;
}

static VkResult
create_layout (LimnVulkan               *vulkan,
               const LimnVulkanDispatch *dispatch,
               Layout                   *made)
{
  VkDescriptorSetLayoutBinding          bindings[LIMN_VULKAN_MAX_BINDINGS];
  const VkDescriptorSetLayoutCreateInfo set = {
    .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
    .bindingCount = (guint32) dispatch->n_bindings,
    .pBindings = bindings,
  };
  const VkPushConstantRange        push = { VK_SHADER_STAGE_COMPUTE_BIT, 0, LIMN_VULKAN_MAX_PUSH };
  const VkPipelineLayoutCreateInfo layout = {
    .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
    .setLayoutCount = 1,
    .pSetLayouts = &made->set,
    .pushConstantRangeCount = 1,
    .pPushConstantRanges = &push,
  };
  VkResult result;

  for (int i = 0; i < dispatch->n_bindings; i++)
    bindings[i] = (VkDescriptorSetLayoutBinding){
      .binding = (guint32) i,
      .descriptorType = dispatch->bindings[i].texels != LIMN_NO_TEXELS ? VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
      .descriptorCount = 1,
      .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT
    };
  result = vkCreateDescriptorSetLayout (vulkan->device, &set, NULL, &made->set);
  if (result != VK_SUCCESS)
    return result;
  return vkCreatePipelineLayout (vulkan->device, &layout, NULL, &made->layout);
}

static VkResult
find_layout (LimnVulkan               *vulkan,
             const LimnVulkanDispatch *dispatch,
             LimnVulkanPipeline       *pipeline)
{
  gpointer key = GUINT_TO_POINTER (layout_key (dispatch));
  Layout  *layout = g_hash_table_lookup (vulkan->pipelines->layouts, key);
  VkResult result = VK_SUCCESS;

  if (layout == NULL)
    {
      layout = g_new0 (Layout, 1);
      g_hash_table_insert (vulkan->pipelines->layouts, key, layout);
      result = create_layout (vulkan, dispatch, layout);
    }
  pipeline->layout = layout->layout;
  pipeline->set = layout->set;
  return result;
}

/* --- pipelines --------------------------------------------------------------------------------------------------- */

static VkResult
create_module (LimnVulkan     *vulkan,
               const char     *shader,
               VkShaderModule *module)
{
  VkShaderModuleCreateInfo info = { .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO };
  size_t                   size = 0;

  info.pCode = limn_vulkan_shader_code (shader, &size);
  info.codeSize = size;
  if (info.pCode == NULL)
    return VK_ERROR_UNKNOWN;
  return vkCreateShaderModule (vulkan->device, &info, NULL, module);
}

static VkResult
create_pipeline (LimnVulkan               *vulkan,
                 const LimnVulkanDispatch *dispatch,
                 VkShaderModule            module,
                 LimnVulkanPipeline       *made)
{
  VkSpecializationMapEntry   entries[LIMN_VULKAN_MAX_CONSTANTS];
  const VkSpecializationInfo constants = {
    .mapEntryCount = (guint32) dispatch->n_constants,
    .pMapEntries = entries,
    .dataSize = (gsize) dispatch->n_constants * sizeof (guint32),
    .pData = dispatch->constants,
  };
  const VkComputePipelineCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
    .stage = { .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
               .stage = VK_SHADER_STAGE_COMPUTE_BIT,
               .module = module,
               .pName = "main",
               .pSpecializationInfo = &constants },
    .layout = made->layout,
  };

  for (int i = 0; i < dispatch->n_constants; i++)
    entries[i] = (VkSpecializationMapEntry){ (guint32) i, (guint32) i * sizeof (guint32), sizeof (guint32) };
  return vkCreateComputePipelines (vulkan->device, vulkan->pipelines->cache, 1, &info, NULL, &made->pipeline);
}

static char *
pipeline_key (const LimnVulkanDispatch *dispatch)
{
  GString *key = g_string_new (dispatch->shader);

  for (int i = 0; i < dispatch->n_constants; i++)
    g_string_append_printf (key, " %u", dispatch->constants[i]);
  return g_string_free (key, FALSE);
}

const LimnVulkanPipeline *
limn_vulkan_pipeline (LimnVulkan               *vulkan,
                      const LimnVulkanDispatch *dispatch,
                      GError                  **error)
{
  LimnVulkanPipelines *pipelines = vulkan->pipelines;
  g_autofree char     *key = pipeline_key (dispatch);
  g_autofree char     *what = NULL;
  LimnVulkanPipeline  *made = g_hash_table_lookup (pipelines->made, key);
  VkShaderModule       module = VK_NULL_HANDLE;
  VkResult             result;

  if (made != NULL)
    return made;
  made = g_new0 (LimnVulkanPipeline, 1);
  result = find_layout (vulkan, dispatch, made);
  if (result == VK_SUCCESS)
    result = create_module (vulkan, dispatch->shader, &module);
  if (result == VK_SUCCESS)
    result = create_pipeline (vulkan, dispatch, module, made);
  if (module != VK_NULL_HANDLE)
    vkDestroyShaderModule (vulkan->device, module, NULL);
  if (result == VK_SUCCESS)
    {
      pipelines->changed = TRUE;
      g_hash_table_insert (pipelines->made, g_steal_pointer (&key), made);
      return made;
    }
  what = g_strdup_printf ("prepare the shader %s", dispatch->shader);
  limn_vulkan_fail (error, result, what);
  g_free (made);
  return NULL;
}

LimnVulkanPipelines *
limn_vulkan_pipelines_new (LimnVulkan *vulkan,
                           GError    **error)
{
  LimnVulkanPipelines *pipelines = g_new0 (LimnVulkanPipelines, 1);
  VkResult             result = open_cache (vulkan, pipelines);

  vulkan->pipelines = pipelines;
  pipelines->made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  pipelines->layouts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (result == VK_SUCCESS)
    return pipelines;
  limn_vulkan_fail (error, result, "prepare the graphics card");
  limn_vulkan_pipelines_free (vulkan);
  return NULL;
}

void
limn_vulkan_pipelines_free (LimnVulkan *vulkan)
{
  LimnVulkanPipelines *pipelines = g_steal_pointer (&vulkan->pipelines);
  GHashTableIter       iter;
  gpointer             made, layout;

  if (pipelines == NULL)
    return;
  if (pipelines->cache != VK_NULL_HANDLE)
    save_cache (vulkan, pipelines);
  g_hash_table_iter_init (&iter, pipelines->made);
  while (g_hash_table_iter_next (&iter, NULL, &made))
    vkDestroyPipeline (vulkan->device, ((LimnVulkanPipeline *) made)->pipeline, NULL);
  g_hash_table_iter_init (&iter, pipelines->layouts);
  while (g_hash_table_iter_next (&iter, NULL, &layout))
    {
      vkDestroyPipelineLayout (vulkan->device, ((Layout *) layout)->layout, NULL);
      vkDestroyDescriptorSetLayout (vulkan->device, ((Layout *) layout)->set, NULL);
    }
  vkDestroyPipelineCache (vulkan->device, pipelines->cache, NULL);
  g_hash_table_unref (pipelines->made);
  g_hash_table_unref (pipelines->layouts);
  g_free (pipelines);
}
