/* What is measured of an upscaler's network before it is recorded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnUpscalerFacts:
 * @blocks: convolutions of a plain row, the first and the last included; or residual blocks
 * @width: channels between them
 * @scale: pixels of the result along a side for one of the picture
 * @unshuffle: the picture is taken in squares of this side, which divides its height and width
 * @doublings: how often the features are enlarged
 * @reach: pixels around one that its result depends on
 * @floats: numbers to be kept at once for a pixel of the picture, about
 */
typedef struct
{
  int blocks;
  int width;
  int scale;
  int unshuffle;
  int doublings;
  int reach;
  int floats;
} LimnUpscalerFacts;

/* Channels of any layer are fewer in all that is known: what says more is no upscaler. */
#define LIMN_UPSCALER_MAX_WIDTH 4096

G_END_DECLS
