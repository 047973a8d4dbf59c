/* What the files of patches share; only for engine/weights.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/patch.h"

G_BEGIN_DECLS

/* A factor's numbers as floats: a product, or else whole. */
typedef struct
{
  gsize  rows, columns, rank;
  float *up;    /* [rows, rank] */
  float *down;  /* [rank, columns] */
  float *whole; /* [rows, columns] */
} LimnMatrix;

/* What reading a patched weight needs, made when it is first read. */
typedef struct
{
  gatomicrefcount refs;
  gsize           n; /* changes */
  LimnMatrix     *matrices;
} LimnPrepared;

/* Changes while the patch itself is read only. */
typedef struct
{
  GMutex        lock;
  LimnPrepared *prepared; /* nullable: as large as the adapter's part in the weight, so it goes once the weight was read */
  GPtrArray    *gains;    /* a magnitude over its norm for each change with one: floats; nullable members */
} LimnPatchCache;

struct _LimnPatch
{
  gatomicrefcount refs;
  LimnWeight      base;
  gsize           rows, columns, kernel; /* of the base as a matrix; columns = inputs × kernel */
  GArray         *deltas;                /* LimnDelta */
  GPtrArray      *owners;                /* LimnWeights */
  GArray         *more;                  /* floats of the rows behind its own */
  LimnPatchCache *cache;
};

/* [dims[0], all others]; FALSE for a tensor of nothing. */
gboolean limn_weight_as_matrix (const LimnWeight *weight,
                                gsize            *rows,
                                gsize            *columns);

/* (transfer full): with gains computed */
LimnPrepared *limn_patch_prepare (const LimnPatch *patch);
void          limn_prepared_unref (LimnPrepared *prepared);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPrepared, limn_prepared_unref)

/**
 * limn_patch_row:
 * @n_deltas: how many of the changes to make
 * @values: in: numbers of @row from column @first on, @n of them; out: changed
 */
void limn_patch_row (const LimnPatch    *patch,
                     const LimnPrepared *prepared,
                     gsize               n_deltas,
                     gsize               row,
                     gsize               first,
                     gsize               n,
                     float              *values);

/* The same without the magnitude of the last change: what its norm is taken of. */
void limn_patch_row_unnormed (const LimnPatch    *patch,
                              const LimnPrepared *prepared,
                              gsize               n_deltas,
                              gsize               row,
                              float              *values);

G_END_DECLS
