/* Backend: what computes a graph; the processor and graphics cards are two of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/graph.h"

G_BEGIN_DECLS

typedef struct _LimnBackend LimnBackend;
typedef struct _LimnProgram LimnProgram;

/**
 * LimnPlacement:
 * @offsets: of each tensor, by its id, in the memory of all intermediates
 * @scratch: offset of what kernels need beside, program->scratch_size bytes
 * @size: of that memory
 *
 * Where a plan puts what. No tensor crosses a multiple of the backend's segment.
 */
typedef struct
{
  const gsize *offsets;
  gsize        scratch;
  gsize        size;
} LimnPlacement;

/**
 * LimnBackendClass:
 * @limit_weights: (nullable): programs prepared from now on keep at most so many bytes of weights more than are kept now; others are read
 *   from their files at each run
 * @in_place: whether the result of @node may take the memory of its first input
 * @prepare: makes a program of a fused graph, which outlives it: kernels chosen, weights packed, @scratch_size known
 * @place: takes the memory of intermediates; once, after prepare()
 * @write: gives an input its values, rounded to its type
 * @run: computes all outputs; allocates nothing
 * @read: an output's values after a run
 *
 * One backend, one thread at a time.
 */
typedef struct
{
  void (*limit_weights) (LimnBackend *backend,
                         gsize        more);
  gboolean (*in_place) (const LimnBackend *backend,
                        const LimnNode    *node);
  LimnProgram *(*prepare) (LimnBackend *backend,
                           LimnGraph   *graph,
                           GError     **error);
  gboolean (*place) (LimnProgram         *program,
                     const LimnPlacement *placement,
                     GError             **error);
  void (*write) (LimnProgram      *program,
                 const LimnTensor *tensor,
                 const float      *values);
  gboolean (*run) (LimnProgram *program,
                   GError     **error);
  void (*read) (LimnProgram      *program,
                const LimnTensor *tensor,
                float            *values);
  void (*free) (LimnProgram *program);
} LimnBackendClass;

/**
 * LimnBackend:
 * @segment: bytes that lie in one piece of memory at the most; 0 for no limit
 * @room: bytes that the next plan may take; 0 for no limit. Weights that do not fit beside its intermediates are streamed from their
 *   files, if the backend can do that
 *
 * The first member of LimnCpu and LimnVulkan.
 */
struct _LimnBackend
{
  const LimnBackendClass *class;
  gsize segment;
  gsize room;
};

/**
 * LimnProgram:
 * @scratch_size: bytes wanted beside the tensors, for the time of one node
 * @streamed: bytes of weights that are read anew at each run
 *
 * The first member of each backend's program.
 */
struct _LimnProgram
{
  LimnBackend *backend;
  LimnGraph   *graph;
  gsize        scratch_size;
  gsize        streamed;
};

G_END_DECLS
