/* Packed weights: each is brought into the layout a kernel wants once, and shared by all plans that want it alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/pack.h"

#include <sys/mman.h>

struct _LimnPacks
{
  GHashTable *of_weight; /* LimnWeight* → GSList of LimnPack */
  gsize       size;
};

LimnPacks *
limn_packs_new (void)
{
  LimnPacks *packs = g_new0 (LimnPacks, 1);

  packs->of_weight = g_hash_table_new (NULL, NULL);
  return packs;
}

void
limn_packs_free (LimnPacks *packs)
{
  if (packs == NULL)
    return;
  g_hash_table_unref (packs->of_weight);
  g_free (packs);
}

gsize
limn_packs_size (const LimnPacks *packs)
{
  return packs->size;
}

static LimnPack *
find_pack (const LimnPacks  *packs,
           const LimnWeight *weight,
           GBytes           *layout)
{
  for (GSList *l = g_hash_table_lookup (packs->of_weight, weight); l != NULL; l = l->next)
    if (g_bytes_equal (((LimnPack *) l->data)->layout, layout))
      return l->data;
  return NULL;
}

static void
pack_free (LimnPack *pack)
{
  if (pack->data != NULL)
    munmap (pack->data, pack->size);
  g_bytes_unref (pack->layout);
  g_free (pack);
}

/* Pages come from the system and go back to it, whatever the heap looks like. */
static gboolean
allocate (LimnPack *pack,
          GError  **error)
{
  void *data = mmap (NULL, pack->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (data == MAP_FAILED)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
                   "not enough memory for the model's weights; close other programs or choose "
                   "a smaller model");
      return FALSE;
    }
  madvise (data, pack->size, MADV_HUGEPAGE);
  pack->data = data;
  return TRUE;
}

LimnPack *
limn_pack_take (const LimnCpuTask     *task,
                const LimnPackRequest *request,
                GError               **error)
{
  LimnPacks        *packs = limn_cpu_packs (task->cpu);
  const LimnWeight *weight = task->node->weights[0];
  g_autoptr (GBytes) layout = g_bytes_new (request->layout, request->layout_size);
  LimnPack *pack = find_pack (packs, weight, layout);

  if (pack != NULL)
    {
      pack->users++;
      return pack;
    }
  pack = g_new0 (LimnPack, 1);
  pack->weight = weight;
  pack->layout = g_bytes_ref (layout);
  pack->size = MAX (request->size, 1);
  pack->users = 1;
  if (!allocate (pack, error) || !request->fill (task, weight, pack->data, request->user, error))
    {
      pack_free (pack);
      return NULL;
    }
  limn_weight_release_pages (weight);
  packs->size += pack->size;
  g_hash_table_insert (packs->of_weight, (gpointer) weight,
                       g_slist_prepend (g_hash_table_lookup (packs->of_weight, weight), pack));
  return pack;
}

void
limn_pack_release (LimnCpu  *cpu,
                   LimnPack *pack)
{
  LimnPacks *packs = limn_cpu_packs (cpu);
  GSList    *left;

  if (pack == NULL || --pack->users > 0)
    return;
  left = g_slist_remove (g_hash_table_lookup (packs->of_weight, pack->weight), pack);
  if (left != NULL)
    g_hash_table_insert (packs->of_weight, (gpointer) pack->weight, left);
  else
    g_hash_table_remove (packs->of_weight, pack->weight);
  packs->size -= pack->size;
  pack_free (pack);
}
