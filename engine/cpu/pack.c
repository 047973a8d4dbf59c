/* Packed weights: each is brought into the layout a kernel wants once, and shared by all plans that want it alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/pack.h"

#include <sys/mman.h>

struct _LimnPacks
{
  GHashTable *of_weight; /* LimnWeight* → GSList of LimnPack */
  gsize       size, limit;
};

LimnPacks *
limn_packs_new (void)
{
  LimnPacks *packs = g_new0 (LimnPacks, 1);

  packs->of_weight = g_hash_table_new (NULL, NULL);
  packs->limit = G_MAXSIZE;
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

void
limn_packs_set_limit (LimnPacks *packs,
                      gsize      limit)
{
  packs->limit = limit;
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
drop_data (LimnPack *pack)
{
  if (pack->data != NULL && !pack->streamed)
    munmap (pack->data, pack->size);
  pack->data = NULL;
}

static void
pack_free (LimnPack *pack)
{
  drop_data (pack);
  if (pack->user_size > 0)
    g_free (pack->user);
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

static LimnPack *
pack_new (const LimnWeight      *weight,
          GBytes                *layout,
          const LimnPackRequest *request)
{
  LimnPack *pack = g_new0 (LimnPack, 1);

  pack->weight = weight;
  pack->layout = g_bytes_ref (layout);
  pack->size = MAX (request->size, 1);
  pack->fill = request->fill;
  pack->user = request->user_size > 0 ? g_memdup2 (request->user, request->user_size) : (gpointer) request->user;
  pack->user_size = request->user_size;
  return pack;
}

LimnPack *
limn_pack_take (LimnCpuTask           *task,
                const LimnPackRequest *request)
{
  LimnPacks        *packs = limn_cpu_packs (task->cpu);
  const LimnWeight *weight = task->node->weights[0];
  g_autoptr (GBytes) layout = g_bytes_new (request->layout, request->layout_size);
  LimnPack *pack = find_pack (packs, weight, layout);

  if (pack == NULL)
    {
      pack = pack_new (weight, layout, request);
      /* Only what can be read from a file again is streamed. */
      pack->streamed = weight->mapped && packs->size + pack->size > packs->limit;
      packs->size += pack->streamed ? 0 : pack->size;
      g_hash_table_insert (packs->of_weight, (gpointer) weight,
                           g_slist_prepend (g_hash_table_lookup (packs->of_weight, weight), pack));
    }
  pack->users++;
  return task->pack = pack;
}

gboolean
limn_pack_begin (const LimnCpuTask *task,
                 void              *memory,
                 GError           **error)
{
  LimnPack *pack = task->pack;

  if (pack == NULL || pack->data != NULL)
    return TRUE;
  if (pack->streamed)
    pack->data = memory;
  else if (!allocate (pack, error))
    return FALSE;
  if (!pack->fill (task, pack->weight, pack->data, pack->user, error))
    {
      drop_data (pack);
      return FALSE;
    }
  limn_weight_release_pages (pack->weight);
  return TRUE;
}

void
limn_pack_end (const LimnCpuTask *task)
{
  if (task->pack != NULL && task->pack->streamed)
    task->pack->data = NULL;
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
  if (!pack->streamed)
    packs->size -= pack->size;
  pack_free (pack);
}
