/* What a graphics card and its driver can do, in words for people and scripts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/features.h"

/* What LimnVulkanInfo tells already. */
static const struct
{
  const char *name;
  gsize       member;
} told[] = {
  { "f16-storage", G_STRUCT_OFFSET (LimnVulkanInfo, f16_storage) },
  { "f16-arithmetic", G_STRUCT_OFFSET (LimnVulkanInfo, f16_arithmetic) },
  { "8bit-storage", G_STRUCT_OFFSET (LimnVulkanInfo, storage_8bit) },
  { "subgroup-arithmetic", G_STRUCT_OFFSET (LimnVulkanInfo, subgroup_arithmetic) },
  { "cooperative-matrix", G_STRUCT_OFFSET (LimnVulkanInfo, cooperative_matrix) },
  { "memory-budget", G_STRUCT_OFFSET (LimnVulkanInfo, memory_budget) },
  { "unified-memory", G_STRUCT_OFFSET (LimnVulkanInfo, unified) },
};

/* What only the driver tells. */
static const struct
{
  const char *name;
  gsize       member;
} asked[] = {
  { "8bit-arithmetic", G_STRUCT_OFFSET (VkPhysicalDeviceVulkan12Features, shaderInt8) },
  { "memory-model", G_STRUCT_OFFSET (VkPhysicalDeviceVulkan12Features, vulkanMemoryModel) },
  { "buffer-addresses", G_STRUCT_OFFSET (VkPhysicalDeviceVulkan12Features, bufferDeviceAddress) },
};

/* Extensions that are told about here only. */
static const struct
{
  const char *name, *extension;
} extended[] = {
  { "push-descriptors", VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME },
};

static void
add_asked (const LimnVulkanInfo *info,
           GStrvBuilder         *names)
{
  VkPhysicalDeviceVulkan12Features twelve = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES };
  VkPhysicalDeviceFeatures2        features = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &twelve };

  vkGetPhysicalDeviceFeatures2 (info->device, &features);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    if (G_STRUCT_MEMBER (VkBool32, &twelve, asked[i].member))
      g_strv_builder_add (names, asked[i].name);
}

static void
add_extended (const LimnVulkanInfo *info,
              GStrvBuilder         *names)
{
  guint32                           n = 0;
  g_autofree VkExtensionProperties *extensions = NULL;

  vkEnumerateDeviceExtensionProperties (info->device, NULL, &n, NULL);
  extensions = g_new0 (VkExtensionProperties, n + 1);
  if (vkEnumerateDeviceExtensionProperties (info->device, NULL, &n, extensions) < VK_SUCCESS)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (extended); i++)
    for (guint32 k = 0; k < n; k++)
      if (g_str_equal (extensions[k].extensionName, extended[i].extension))
        g_strv_builder_add (names, extended[i].name);
}

char **
limn_vulkan_feature_names (const LimnVulkanInfo *info)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char *subgroup = g_strdup_printf ("subgroup-%u", info->subgroup);

  if (info->api_version < VK_API_VERSION_1_2)
    return g_strv_builder_end (names);
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (G_STRUCT_MEMBER (gboolean, info, told[i].member))
      g_strv_builder_add (names, told[i].name);
  g_strv_builder_add (names, subgroup);
  add_asked (info, names);
  add_extended (info, names);
  return g_strv_builder_end (names);
}
