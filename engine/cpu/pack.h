/* Packed weights: each is brought into the layout a kernel wants once, and shared by all plans that want it alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/cpu.h"

G_BEGIN_DECLS

typedef struct _LimnPacks LimnPacks;

/* Writes @weight to @data in the wanted layout; FALSE with an error where it can't. */
typedef gboolean (*LimnPackFill) (const LimnCpuTask *task,
                                  const LimnWeight  *weight,
                                  void              *data,
                                  gconstpointer      user,
                                  GError           **error);

/**
 * LimnPack:
 * @data: (nullable): the weight as packed, aligned to 64 bytes, once limn_pack_begin() was called; of a streamed one until limn_pack_end()
 * @streamed: whether it is packed anew for each run, from the pages of its file, since there is no room to keep it
 * @fill, @user: as it was asked for
 */
struct _LimnPack
{
  const LimnWeight *weight;
  GBytes           *layout;
  void             *data;
  gsize             size;
  int               users;
  gboolean          streamed;
  LimnPackFill      fill;
  gpointer          user;
  gsize             user_size;
};

/**
 * LimnPackRequest:
 * @layout: bytes that tell this layout from every other
 * @size: bytes of the packed weight
 * @fill: makes it, with @user
 * @user_size: bytes of @user, of which a copy is kept; 0: it lives as long as the task
 */
typedef struct
{
  gconstpointer layout;
  gsize         layout_size;
  gsize         size;
  LimnPackFill  fill;
  gconstpointer user;
  gsize         user_size;
} LimnPackRequest;

LimnPacks *limn_packs_new (void);
void       limn_packs_free (LimnPacks *packs);

/* (transfer none): those of a backend */
LimnPacks *limn_cpu_packs (LimnCpu *cpu);

/**
 * limn_pack_take:
 *
 * Finds or notes a pack of the first weight of the task's node, and makes it the task's. It is filled when it is first needed: a model's first
 * step begins at once.
 *
 * Returns: to be given back with limn_pack_release()
 */
LimnPack *limn_pack_take (LimnCpuTask           *task,
                          const LimnPackRequest *request);
void      limn_pack_release (LimnCpu  *cpu,
                             LimnPack *pack);

/**
 * limn_pack_begin:
 * @memory: where a streamed pack is made, pack->size bytes; it is gone after limn_pack_end()
 *
 * Before a run of a task: fills its pack if it is not filled, and releases the pages of its file.
 */
gboolean limn_pack_begin (const LimnCpuTask *task,
                          void              *memory,
                          GError           **error);
void     limn_pack_end (const LimnCpuTask *task);

/* Bytes of all packs of a backend. */
gsize limn_packs_size (const LimnPacks *packs);

/* Packs taken from now on are kept as long as all together have at most that many bytes; the others are streamed. */
void limn_packs_set_limit (LimnPacks *packs,
                           gsize      limit);

G_END_DECLS
