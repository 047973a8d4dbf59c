/* Name maps: tensors of other layouts under the names of the diffusers layout.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* Numbers that one name can hold. */
#define LIMN_NAME_MAX_NUMBERS 4
#define LIMN_NAME_MAX_PREFIXES 4

/**
 * LimnTopology:
 * @levels: resolutions of a U-Net or an autoencoder
 * @layers: blocks a level has on the way down
 *
 * What renumbering depends on, measured from the tensors that are there.
 */
typedef struct
{
  int levels;
  int layers;
} LimnTopology;

/**
 * LimnRenumber:
 * @in: the numbers where the old name had '#'
 * @out: the numbers for the new name's '#'
 *
 * Returns: %FALSE if the rule is not meant for these numbers
 */
typedef gboolean (*LimnRenumber) (const LimnTopology *topology,
                                  const int          *in,
                                  int                *out);

/* How the numbers lie in the other layout. */
typedef enum
{
  LIMN_NAME_AS_IS,
  LIMN_NAME_DROP_ONES, /* a 1×1 convolution is a linear layer: [out, in, 1, 1] is taken as [out, in] */
  LIMN_NAME_TRANSPOSE, /* [in, out] is copied to [out, in] */
} LimnNameView;

/**
 * LimnNameRule:
 * @from: how the old name begins (or all of it); '#' stands for a number
 * @to: what to put there instead; '#' stands for the numbers, in order
 * @inner: (nullable): rules for what follows @from, one of which must match; without them it is kept as it is
 * @renumber: (nullable): computes the numbers; without it they are kept
 * @rows: how many equal bands of rows the tensor is cut into; 0: it is taken whole
 * @row: which band this is
 *
 * The first rule that matches names a tensor. A rule that takes only some rows lets the rules after it take the others.
 */
typedef struct _LimnNameRule LimnNameRule;
struct _LimnNameRule
{
  const char         *from;
  const char         *to;
  const LimnNameRule *inner;
  LimnRenumber        renumber;
  LimnNameView        view;
  int                 rows, row;
};

/**
 * LimnNamePart:
 * @part: the folder that diffusers keeps it in: "unet", "vae", …; several entries may share one
 * @prefixes: what may stand before its names, "" for nothing; ends at the first %NULL
 * @probe: a name that shows, after one of @prefixes, that the part is there in this layout
 * @measure: (nullable): finds the topology, from names without the prefix
 * @rules: ends at a rule without @from
 */
typedef struct
{
  const char *part;
  const char *prefixes[LIMN_NAME_MAX_PREFIXES];
  const char *probe;
  void (*measure) (const LimnWeights *weights,
                   LimnTopology      *topology);
  const LimnNameRule *rules;
} LimnNamePart;

/**
 * LimnNameMap:
 * @name: of the layout, for messages
 * @parts: ends at one without @part
 */
typedef struct
{
  const char         *name;
  const LimnNamePart *parts;
} LimnNameMap;

/* Original single files of Stable Diffusion 1.x and 2.x (names-sd1.c). */
extern const LimnNameMap limn_names_sd1;

/* Older spellings inside diffusers folders (names-diffusers.c). */
extern const LimnNameMap limn_names_diffusers;

/* The names as they are wanted, in a file of one part. */
extern const LimnNameMap limn_names_plain;
/* Releases of ESRGAN and Real-ESRGAN: parts "rrdb" and "srvgg" (names-upscalers.c). */
extern const LimnNameMap limn_names_upscalers;
/* TAESD as diffusers and as its authors have it: parts "encoder" and "decoder" (names-tiny-vae.c). */
extern const LimnNameMap limn_names_tiny_vae;

/**
 * limn_name_map_has:
 *
 * Returns: whether @weights hold @part in the layout of @map
 */
gboolean limn_name_map_has (const LimnNameMap *map,
                            const LimnWeights *weights,
                            const char        *part);

/**
 * limn_weights_renamed:
 * @part: "unet", "vae", "text_encoder", …
 *
 * Tensors that no rule names (training leftovers, noise tables) are left out.
 *
 * Returns: (transfer full): a view of the tensors of @part, under the names that diffusers gives them in the part's folder; it keeps the
 *   data alive by itself. %NULL with %LIMN_ENGINE_ERROR_UNSUPPORTED if the part is not there, %LIMN_ENGINE_ERROR_FILE if the tensors cannot
 *   be what their names say
 */
LimnWeights *limn_weights_renamed (const LimnWeights *weights,
                                   const LimnNameMap *map,
                                   const char        *part,
                                   GError           **error);

/**
 * limn_names_count:
 *
 * For measuring a topology.
 *
 * Returns: how many of the names "@before N @after" there are, N = @first, @first + 1, …
 */
int limn_names_count (const LimnWeights *weights,
                      const char        *before,
                      int                first,
                      const char        *after);

G_END_DECLS
