/* Packed weights in device memory, shared by all plans that want them alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/pack.h"

#include "engine/vulkan/upload.h"

/* Floats converted at once. */
#define CHUNK ((gsize) 1 << 21)

typedef struct
{
  LimnVulkanPack  pack; /* the first member: it is what kernels hold */
  LimnVulkanPiece piece;
  char           *key;
  int             users;
} SharedPack;

static char *
pack_key (const LimnWeight        *weight,
          const LimnVulkanPacking *packing)
{
  return g_strdup_printf ("%p %s %d %zu %zu", (const void *) weight, packing->layout, packing->type, packing->rows, packing->columns);
}

GHashTable *
limn_vulkan_packs_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static gboolean
upload_rows (LimnVulkan              *vulkan,
             SharedPack              *shared,
             const LimnWeight        *weight,
             const LimnVulkanPacking *packing,
             GError                 **error)
{
  gsize             at_once = MAX (CHUNK / packing->columns, 1);
  gsize             element = limn_type_size (packing->type);
  g_autofree float *values = g_new (float, MIN (at_once, packing->rows) * packing->columns);
  g_autofree void  *converted = g_malloc (MIN (at_once, packing->rows) * packing->columns * element);

  for (gsize first = 0; first < packing->rows; first += at_once)
    {
      gsize n = MIN (at_once, packing->rows - first), elements = n * packing->columns;

      memset (values, 0, elements * sizeof *values);
      if (packing->fill != NULL)
        packing->fill (packing, weight, first, n, values);
      limn_type_from_f32 (packing->type, values, converted, elements);
      if (!limn_vulkan_upload (vulkan, &shared->piece, first * packing->columns * element, converted, elements * element, error))
        return FALSE;
    }
  return TRUE;
}

LimnVulkanPack *
limn_vulkan_pack (LimnVulkan              *vulkan,
                  const LimnWeight        *weight,
                  const LimnVulkanPacking *packing,
                  GError                 **error)
{
  g_autofree char *key = pack_key (weight, packing);
  SharedPack      *shared = g_hash_table_lookup (vulkan->packs, key);
  gsize            size = packing->rows * packing->columns * limn_type_size (packing->type);

  if (shared != NULL)
    {
      shared->users++;
      return &shared->pack;
    }
  shared = g_new0 (SharedPack, 1);
  if (!limn_vulkan_allocate (vulkan, size, LIMN_VULKAN_MEMORY_DEVICE, &shared->piece, error)
      || !upload_rows (vulkan, shared, weight, packing, error))
    {
      limn_vulkan_deallocate (vulkan, &shared->piece);
      g_free (shared);
      return NULL;
    }
  if (weight != NULL)
    limn_weight_release_pages (weight);
  shared->pack.span = shared->piece.span;
  shared->pack.span.size = size;
  shared->users = 1;
  shared->key = g_steal_pointer (&key);
  g_hash_table_insert (vulkan->packs, shared->key, shared);
  return &shared->pack;
}

void
limn_vulkan_pack_release (LimnVulkan     *vulkan,
                          LimnVulkanPack *pack)
{
  SharedPack *shared = (SharedPack *) pack;

  if (shared == NULL || --shared->users > 0)
    return;
  limn_vulkan_deallocate (vulkan, &shared->piece);
  g_hash_table_remove (vulkan->packs, shared->key);
  g_free (shared);
}

static void
fill_plain (const LimnVulkanPacking *packing,
            const LimnWeight        *weight,
            gsize                    first,
            gsize                    n,
            float                   *to)
{
  limn_weight_range_to_f32 (weight, first * packing->columns, n * packing->columns, to);
}

LimnVulkanPack *
limn_vulkan_pack_plain (LimnVulkan       *vulkan,
                        const LimnWeight *weight,
                        LimnType          type,
                        gsize             columns,
                        GError          **error)
{
  const LimnVulkanPacking packing = { "plain", type, weight->n_elements / columns, columns, fill_plain };

  return limn_vulkan_pack (vulkan, weight, &packing, error);
}

const char *
limn_vulkan_shader (const char     *name,
                    const LimnNode *node)
{
  g_autofree char *full = g_strconcat (name, "-", limn_type_name (node->output->type), NULL);

  return g_intern_string (full);
}
