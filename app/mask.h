/* A mask that is painted: what of a picture is to be made anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"

G_BEGIN_DECLS

typedef struct _LimnMask LimnMask;

typedef struct
{
  double x, y;
} LimnMaskPoint;

/**
 * LimnMaskBrush:
 * @radius: pixels of the picture
 * @hardness: 0: fades from the middle on; 1: to the edge it is full
 * @erase: takes away in place of adding
 */
typedef struct
{
  double   radius, hardness;
  gboolean erase;
} LimnMaskBrush;

/* Returns: (transfer full): nothing is marked */
LimnMask *limn_mask_new (int width,
                         int height);
void      limn_mask_free (LimnMask *mask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnMask, limn_mask_free)

int      limn_mask_width (const LimnMask *mask);
int      limn_mask_height (const LimnMask *mask);
gboolean limn_mask_is_empty (const LimnMask *mask);

/* Returns: 0…255: how much of a pixel is marked */
int limn_mask_at (const LimnMask *mask,
                  int             x,
                  int             y);

/* What is done from here on is undone at once. */
void limn_mask_begin (LimnMask *mask);

/* Returns: whether there was something to undo, or to do again */
gboolean limn_mask_undo (LimnMask *mask);
gboolean limn_mask_redo (LimnMask *mask);

/* A stroke in a straight line. */
void limn_mask_stroke (LimnMask            *mask,
                       LimnMaskPoint        from,
                       LimnMaskPoint        to,
                       const LimnMaskBrush *brush);

/* What is inside of a polygon: (array length=n) */
void limn_mask_lasso (LimnMask            *mask,
                      const LimnMaskPoint *points,
                      gsize                n,
                      gboolean             erase);

/* What is unmarked and connected with a point: what has been drawn around is filled. */
void limn_mask_fill (LimnMask *mask,
                     int       x,
                     int       y);
void limn_mask_invert (LimnMask *mask);
void limn_mask_clear (LimnMask *mask);

/* Returns: (transfer full): @width × @height × 4 bytes, red, green, blue, opacity, premultiplied: the marked in one colour, half opaque */
GBytes *limn_mask_overlay (const LimnMask *mask,
                           const guint8    colour[3]);

/* Returns: (transfer full): a PNG: white is marked. Any thread while nobody paints */
GBytes *limn_mask_to_png (const LimnMask *mask,
                          GError        **error);

/* Returns: (transfer full): of a picture file, brought to this size */
LimnMask *limn_mask_from_file (GBytes  *file,
                               int      width,
                               int      height,
                               GError **error);

G_END_DECLS
