/* Times of dispatches, taken by the device, summed by shader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/profile.h"

#define QUERIES 8192 /* two a dispatch; what comes after them is not timed */

typedef struct
{
  const char *shader;
  double      operations, seconds;
  int         calls;
} Entry;

struct _LimnVulkanProfile
{
  LimnVulkan *vulkan;
  VkQueryPool queries;
  GArray     *dispatches; /* Entry, one a dispatch */
  int         runs;
};

LimnVulkanProfile *
limn_vulkan_profile_new (LimnVulkan *vulkan)
{
  LimnVulkanProfile          *profile = g_new0 (LimnVulkanProfile, 1);
  const VkQueryPoolCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
    .queryType = VK_QUERY_TYPE_TIMESTAMP,
    .queryCount = QUERIES,
  };

  profile->vulkan = vulkan;
  profile->dispatches = g_array_new (FALSE, TRUE, sizeof (Entry));
  if (vkCreateQueryPool (vulkan->device, &info, NULL, &profile->queries) != VK_SUCCESS)
    profile->queries = VK_NULL_HANDLE;
  return profile;
}

static gboolean
has_room (const LimnVulkanProfile *profile)
{
  return profile->queries != VK_NULL_HANDLE && profile->dispatches->len * 2 < QUERIES;
}

void
limn_vulkan_profile_begin (LimnVulkanProfile *profile,
                           VkCommandBuffer    commands,
                           const char        *shader,
                           double             operations)
{
  Entry   entry = { .shader = g_intern_string (shader), .operations = operations };
  guint32 query = profile->dispatches->len * 2;

  if (!has_room (profile))
    return;
  vkCmdResetQueryPool (commands, profile->queries, query, 2);
  vkCmdWriteTimestamp (commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, profile->queries, query);
  g_array_append_val (profile->dispatches, entry);
}

void
limn_vulkan_profile_end (LimnVulkanProfile *profile,
                         VkCommandBuffer    commands)
{
  if (profile->dispatches->len == 0 || profile->dispatches->len * 2 > QUERIES)
    return;
  vkCmdWriteTimestamp (commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, profile->queries, profile->dispatches->len * 2 - 1);
}

void
limn_vulkan_profile_add (LimnVulkanProfile *profile)
{
  guint               n = profile->dispatches->len;
  g_autofree guint64 *times = g_new0 (guint64, 2 * n + 2);

  if (n == 0 || vkGetQueryPoolResults (profile->vulkan->device, profile->queries, 0, 2 * n, 2 * n * sizeof *times, times, sizeof *times, VK_QUERY_RESULT_64_BIT) != VK_SUCCESS)
    return;
  profile->runs++;
  for (guint i = 0; i < n; i++)
    {
      Entry *entry = &g_array_index (profile->dispatches, Entry, i);

      entry->seconds += (double) (times[2 * i + 1] - times[2 * i]) * profile->vulkan->timestamp_period * 1e-9;
      entry->calls++;
    }
}

static gint
compare_seconds (gconstpointer a,
                 gconstpointer b)
{
  double x = ((const Entry *) a)->seconds, y = ((const Entry *) b)->seconds;

  return x < y ? 1 : x > y ? -1
                           : 0;
}

/* One line a shader. */
static GArray *
sum_by_shader (const LimnVulkanProfile *profile)
{
  GArray *sums = g_array_new (FALSE, TRUE, sizeof (Entry));

  for (guint i = 0; i < profile->dispatches->len; i++)
    {
      const Entry *entry = &g_array_index (profile->dispatches, Entry, i);
      guint        at = 0;

      while (at < sums->len && g_array_index (sums, Entry, at).shader != entry->shader)
        at++;
      if (at == sums->len)
        g_array_append_val (sums, ((Entry){ .shader = entry->shader }));
      g_array_index (sums, Entry, at).seconds += entry->seconds / profile->runs;
      g_array_index (sums, Entry, at).operations += entry->operations;
      g_array_index (sums, Entry, at).calls++;
    }
  g_array_sort (sums, compare_seconds);
  return sums;
}

static void
print (const LimnVulkanProfile *profile)
{
  g_autoptr (GArray) sums = sum_by_shader (profile);

  g_printerr ("profile of %u dispatches, mean of %d runs\n", profile->dispatches->len, profile->runs);
  for (guint i = 0; i < sums->len; i++)
    {
      const Entry *entry = &g_array_index (sums, Entry, i);

      g_printerr ("%10.3f ms %5d x %-24s %8.1f GFLOP/s\n", entry->seconds * 1e3, entry->calls, entry->shader,
                  entry->seconds > 0 ? entry->operations / entry->seconds * 1e-9 : 0);
    }
}

void
limn_vulkan_profile_free (LimnVulkanProfile *profile)
{
  if (profile == NULL)
    return;
  if (profile->runs > 0)
    print (profile);
  vkDestroyQueryPool (profile->vulkan->device, profile->queries, NULL);
  g_array_unref (profile->dispatches);
  g_free (profile);
}
