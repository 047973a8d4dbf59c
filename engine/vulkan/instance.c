/* The Vulkan loader's side: which devices there are, and what each can do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/instance.h"

#define VALIDATION_LAYER "VK_LAYER_KHRONOS_validation"
#define MAX_MESSAGE 2000

struct _LimnVulkanInstance
{
  VkInstance               handle;
  VkDebugUtilsMessengerEXT messenger;
  GPtrArray               *devices; /* LimnVulkanInfo */
};

static const struct
{
  VkResult    result;
  const char *text;
} results[] = {
  { VK_ERROR_OUT_OF_HOST_MEMORY, "the computer's memory is used up" },
  { VK_ERROR_OUT_OF_DEVICE_MEMORY, "the graphics card's memory is used up" },
  { VK_ERROR_INITIALIZATION_FAILED, "the driver could not be started" },
  { VK_ERROR_DEVICE_LOST, "the graphics card stopped answering" },
  { VK_ERROR_MEMORY_MAP_FAILED, "its memory could not be reached" },
  { VK_ERROR_LAYER_NOT_PRESENT, "the validation layer is not installed" },
  { VK_ERROR_EXTENSION_NOT_PRESENT, "the driver lacks an extension" },
  { VK_ERROR_FEATURE_NOT_PRESENT, "the driver lacks a feature" },
  { VK_ERROR_INCOMPATIBLE_DRIVER, "no Vulkan driver is installed" },
  { VK_ERROR_TOO_MANY_OBJECTS, "the driver takes no more allocations" },
};

const char *
limn_vulkan_result_text (VkResult result)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (results[i].result == result)
      return results[i].text;
  return "the driver reports an error";
}

gboolean
limn_vulkan_fail (GError    **error,
                  VkResult    result,
                  const char *what)
{
  gboolean memory = result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY;

  g_set_error (error, LIMN_ENGINE_ERROR, memory ? LIMN_ENGINE_ERROR_MEMORY : LIMN_ENGINE_ERROR_DEVICE,
               "cannot %s: %s (%d); choose a smaller picture or LIMN_DEVICE=cpu", what,
               limn_vulkan_result_text (result), result);
  return FALSE;
}

/* --- the instance ------------------------------------------------------------------------------------------------ */

static VKAPI_ATTR VkBool32 VKAPI_CALL
on_message (VkDebugUtilsMessageSeverityFlagBitsEXT      severity,
            VkDebugUtilsMessageTypeFlagsEXT             kinds,
            const VkDebugUtilsMessengerCallbackDataEXT *message,
            void                                       *data)
{
  g_critical ("Vulkan validation: %.*s", MAX_MESSAGE, message->pMessage);
  return VK_FALSE;
}

static const VkDebugUtilsMessengerCreateInfoEXT messenger_info = {
  .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
  .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT,
  .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
  .pfnUserCallback = on_message,
};

static VkResult
create_instance (gboolean    validate,
                 VkInstance *handle)
{
  const char *const                  layers[] = { VALIDATION_LAYER };
  const char *const                  extensions[] = { VK_EXT_DEBUG_UTILS_EXTENSION_NAME, VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME };
  const VkValidationFeatureEnableEXT enabled[] = { VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT };
  const VkValidationFeaturesEXT      features = {
         .sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
         .pNext = &messenger_info,
         .enabledValidationFeatureCount = G_N_ELEMENTS (enabled),
         .pEnabledValidationFeatures = enabled,
  };
  const VkApplicationInfo application = {
    .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
    .pApplicationName = "Limn",
    .pEngineName = "Limn",
    .apiVersion = VK_API_VERSION_1_2,
  };
  const VkInstanceCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
    .pNext = validate ? &features : NULL,
    .pApplicationInfo = &application,
    .enabledLayerCount = validate ? G_N_ELEMENTS (layers) : 0,
    .ppEnabledLayerNames = layers,
    .enabledExtensionCount = validate ? G_N_ELEMENTS (extensions) : 0,
    .ppEnabledExtensionNames = extensions,
  };

  return vkCreateInstance (&info, NULL, handle);
}

static void
create_messenger (LimnVulkanInstance *instance)
{
  PFN_vkCreateDebugUtilsMessengerEXT create = (PFN_vkCreateDebugUtilsMessengerEXT) vkGetInstanceProcAddr (
      instance->handle, "vkCreateDebugUtilsMessengerEXT");

  if (create != NULL)
    create (instance->handle, &messenger_info, NULL, &instance->messenger);
}

static void
destroy_messenger (LimnVulkanInstance *instance)
{
  PFN_vkDestroyDebugUtilsMessengerEXT destroy = (PFN_vkDestroyDebugUtilsMessengerEXT) vkGetInstanceProcAddr (
      instance->handle, "vkDestroyDebugUtilsMessengerEXT");

  if (destroy != NULL && instance->messenger != VK_NULL_HANDLE)
    destroy (instance->handle, instance->messenger, NULL);
}

/* --- devices ----------------------------------------------------------------------------------------------------- */

static void
info_free (gpointer data)
{
  LimnVulkanInfo *info = data;

  g_free (info->name);
  g_free (info->driver);
  g_free (info->refusal);
  g_free (info);
}

static const LimnVulkanKind kinds[] = {
  [VK_PHYSICAL_DEVICE_TYPE_OTHER] = LIMN_VULKAN_VIRTUAL,
  [VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU] = LIMN_VULKAN_INTEGRATED,
  [VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU] = LIMN_VULKAN_DISCRETE,
  [VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU] = LIMN_VULKAN_VIRTUAL,
  [VK_PHYSICAL_DEVICE_TYPE_CPU] = LIMN_VULKAN_SOFTWARE,
};

const char *
limn_vulkan_kind_name (LimnVulkanKind kind)
{
  static const char *const names[] = { "discrete", "integrated", "virtual", "software" };

  return names[kind];
}

static gboolean
has_extension (VkPhysicalDevice device,
               const char      *name)
{
  guint32                           n = 0;
  g_autofree VkExtensionProperties *extensions = NULL;

  vkEnumerateDeviceExtensionProperties (device, NULL, &n, NULL);
  extensions = g_new0 (VkExtensionProperties, n + 1);
  vkEnumerateDeviceExtensionProperties (device, NULL, &n, extensions);
  for (guint32 i = 0; i < n; i++)
    if (g_str_equal (extensions[i].extensionName, name))
      return TRUE;
  return FALSE;
}

static void
read_properties (LimnVulkanInfo *info)
{
  VkPhysicalDeviceVulkan12Properties driver = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES };
  VkPhysicalDeviceVulkan11Properties groups = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES, .pNext = &driver };
  VkPhysicalDeviceProperties2        properties = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &groups };
  guint                              type;

  vkGetPhysicalDeviceProperties2 (info->device, &properties);
  type = properties.properties.deviceType;
  info->name = g_strdup (properties.properties.deviceName);
  info->kind = type < G_N_ELEMENTS (kinds) ? kinds[type] : LIMN_VULKAN_VIRTUAL;
  info->driver = g_strdup_printf ("%s %s", driver.driverName, driver.driverInfo);
  info->subgroup = groups.subgroupSize;
  info->subgroup_arithmetic = (groups.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT)
                              && (groups.subgroupSupportedOperations & VK_SUBGROUP_FEATURE_ARITHMETIC_BIT);
}

static void
read_features (LimnVulkanInfo *info)
{
  VkPhysicalDeviceVulkan12Features twelve = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES };
  VkPhysicalDeviceVulkan11Features eleven = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, .pNext = &twelve };
  VkPhysicalDeviceFeatures2        features = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &eleven };

  vkGetPhysicalDeviceFeatures2 (info->device, &features);
  info->f16_storage = eleven.storageBuffer16BitAccess;
  info->f16_arithmetic = twelve.shaderFloat16;
  info->storage_8bit = twelve.storageBuffer8BitAccess;
  info->cooperative_matrix = has_extension (info->device, VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME);
  info->memory_budget = has_extension (info->device, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
}

static void
read_memory (LimnVulkanInfo *info)
{
  VkPhysicalDeviceMemoryBudgetPropertiesEXT budget = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT };
  VkPhysicalDeviceMemoryProperties2         memory = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2,
                                                       .pNext = info->memory_budget ? &budget : NULL };
  guint64                                   reachable = 0;

  vkGetPhysicalDeviceMemoryProperties2 (info->device, &memory);
  for (guint32 i = 0; i < memory.memoryProperties.memoryHeapCount; i++)
    {
      const VkMemoryHeap *heap = &memory.memoryProperties.memoryHeaps[i];

      if (!(heap->flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) || heap->size <= info->memory)
        continue;
      info->memory = heap->size;
      info->budget = info->memory_budget ? budget.heapBudget[i] : heap->size;
      reachable = 0;
      for (guint32 t = 0; t < memory.memoryProperties.memoryTypeCount; t++)
        if (memory.memoryProperties.memoryTypes[t].heapIndex == i
            && (memory.memoryProperties.memoryTypes[t].propertyFlags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT))
          reachable = heap->size;
    }
  info->unified = reachable > 0 && info->kind != LIMN_VULKAN_DISCRETE;
}

/* A family without graphics, so that the desktop's frames do not wait behind a dispatch; else any that computes. */
static gboolean
find_queue (LimnVulkanInfo *info)
{
  guint32                             n = 0;
  g_autofree VkQueueFamilyProperties *families = NULL;
  int                                 found = -1;

  vkGetPhysicalDeviceQueueFamilyProperties (info->device, &n, NULL);
  families = g_new0 (VkQueueFamilyProperties, n + 1);
  vkGetPhysicalDeviceQueueFamilyProperties (info->device, &n, families);
  for (guint32 i = 0; i < n; i++)
    {
      gboolean computes = (families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) != 0;
      gboolean draws = (families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) != 0;

      if (computes && (found < 0 || !draws))
        found = (int) i;
      if (computes && !draws)
        break;
    }
  info->queue_family = (guint32) MAX (found, 0);
  return found >= 0;
}

static LimnVulkanInfo *
describe (VkPhysicalDevice device,
          int              index)
{
  LimnVulkanInfo            *info = g_new0 (LimnVulkanInfo, 1);
  VkPhysicalDeviceProperties properties;

  info->device = device;
  info->index = index;
  vkGetPhysicalDeviceProperties (device, &properties);
  info->api_version = properties.apiVersion;
  if (properties.apiVersion < VK_API_VERSION_1_2)
    {
      info->name = g_strdup (properties.deviceName);
      info->driver = g_strdup ("");
      info->kind = properties.deviceType < G_N_ELEMENTS (kinds) ? kinds[properties.deviceType] : LIMN_VULKAN_VIRTUAL;
      info->refusal = g_strdup_printf ("its driver has Vulkan %u.%u, 1.2 is needed; install a newer driver",
                                       VK_API_VERSION_MAJOR (properties.apiVersion),
                                       VK_API_VERSION_MINOR (properties.apiVersion));
      return info;
    }
  read_properties (info);
  read_features (info);
  read_memory (info);
  if (!find_queue (info))
    info->refusal = g_strdup ("its driver has no queue for computing");
  return info;
}

static void
find_devices (LimnVulkanInstance *instance)
{
  guint32                      n = 0;
  g_autofree VkPhysicalDevice *handles = NULL;

  vkEnumeratePhysicalDevices (instance->handle, &n, NULL);
  handles = g_new0 (VkPhysicalDevice, n + 1);
  if (vkEnumeratePhysicalDevices (instance->handle, &n, handles) < VK_SUCCESS)
    n = 0;
  for (guint32 i = 0; i < n; i++)
    g_ptr_array_add (instance->devices, describe (handles[i], (int) i));
}

LimnVulkanInstance *
limn_vulkan_instance_new (GError **error)
{
  gboolean            validate = g_getenv ("LIMN_VALIDATION") != NULL;
  LimnVulkanInstance *instance = g_new0 (LimnVulkanInstance, 1);
  VkResult            result = create_instance (validate, &instance->handle);

  if (validate && result == VK_ERROR_LAYER_NOT_PRESENT)
    {
      g_message ("the Vulkan validation layer is not installed: going on without");
      validate = FALSE;
      result = create_instance (validate, &instance->handle);
    }

  instance->devices = g_ptr_array_new_with_free_func (info_free);
  if (result != VK_SUCCESS)
    {
      limn_vulkan_fail (error, result, "start Vulkan");
      g_ptr_array_unref (instance->devices);
      g_free (instance);
      return NULL;
    }
  if (validate)
    create_messenger (instance);
  find_devices (instance);
  return instance;
}

void
limn_vulkan_instance_free (LimnVulkanInstance *instance)
{
  if (instance == NULL)
    return;
  destroy_messenger (instance);
  vkDestroyInstance (instance->handle, NULL);
  g_ptr_array_unref (instance->devices);
  g_free (instance);
}

VkInstance
limn_vulkan_instance_handle (const LimnVulkanInstance *instance)
{
  return instance->handle;
}

GPtrArray *
limn_vulkan_instance_devices (LimnVulkanInstance *instance)
{
  return instance->devices;
}

static gboolean
is_better (const LimnVulkanInfo *info,
           const LimnVulkanInfo *than)
{
  if (than == NULL || info->kind != than->kind)
    return than == NULL || info->kind < than->kind;
  return info->memory > than->memory;
}

const LimnVulkanInfo *
limn_vulkan_instance_choose (LimnVulkanInstance *instance,
                             int                 index,
                             GError            **error)
{
  const LimnVulkanInfo *best = NULL;
  const char           *refusal = "there is no graphics card with a Vulkan 1.2 driver; install its driver or take LIMN_DEVICE=cpu";

  for (guint i = 0; i < instance->devices->len; i++)
    {
      const LimnVulkanInfo *info = instance->devices->pdata[i];
      gboolean              wanted = index >= 0 ? info->index == index : index == LIMN_VULKAN_FASTEST || info->kind != LIMN_VULKAN_SOFTWARE;

      if (wanted && info->refusal != NULL)
        refusal = info->refusal;
      else if (wanted && is_better (info, best))
        best = info;
    }
  if (best != NULL)
    return best;
  if (index >= (int) instance->devices->len)
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_DEVICE,
                 "there is no device vulkan:%d; “limn devices” lists them", index);
  else
    g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_DEVICE, refusal);
  return NULL;
}
