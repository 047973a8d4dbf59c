/* Packed weights: each is brought into the layout a kernel wants once, and shared by all plans that want it alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/cpu.h"

G_BEGIN_DECLS

typedef struct _LimnPacks LimnPacks;

/**
 * LimnPack:
 * @data: the weight as packed, aligned to 64 bytes
 */
typedef struct
{
  const LimnWeight *weight;
  GBytes           *layout;
  void             *data;
  gsize             size;
  int               users;
} LimnPack;

/* Writes @weight to @data in the wanted layout; FALSE with an error where it can't. */
typedef gboolean (*LimnPackFill) (const LimnCpuTask *task,
                                  const LimnWeight  *weight,
                                  void              *data,
                                  gconstpointer      user,
                                  GError           **error);

/**
 * LimnPackRequest:
 * @layout: bytes that tell this layout from every other
 * @size: bytes of the packed weight
 * @fill: makes it, with @user
 */
typedef struct
{
  gconstpointer layout;
  gsize         layout_size;
  gsize         size;
  LimnPackFill  fill;
  gconstpointer user;
} LimnPackRequest;

LimnPacks *limn_packs_new (void);
void       limn_packs_free (LimnPacks *packs);

/* (transfer none): those of a backend */
LimnPacks *limn_cpu_packs (LimnCpu *cpu);

/**
 * limn_pack_take:
 *
 * Packs the first weight of the task's node, or finds it packed. The pages of its file are released.
 *
 * Returns: to be given back with limn_pack_release(); %NULL with the fill's error or %LIMN_ENGINE_ERROR_MEMORY
 */
LimnPack *limn_pack_take (const LimnCpuTask     *task,
                          const LimnPackRequest *request,
                          GError               **error);
void      limn_pack_release (LimnCpu  *cpu,
                             LimnPack *pack);

/* Bytes of all packs of a backend. */
gsize limn_packs_size (const LimnPacks *packs);

G_END_DECLS
