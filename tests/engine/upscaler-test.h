/* What the tests of upscalers share: networks of random weights, opened from files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/upscaler-private.h"
#include "tests/engine/network-test.h"

#define RGB 3

/* An engine on the processor, in f32, and a folder of its own. */
typedef struct
{
  LimnEngine *engine;
  char       *folder;
} UpscalerPlace;

void upscaler_place_init (UpscalerPlace *place);
void upscaler_place_clear (UpscalerPlace *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (UpscalerPlace, upscaler_place_clear)

/* (transfer full): @network from a file; @spell is nullable */
LimnUpscaler *upscaler_test_open (const UpscalerPlace *place,
                                  const NetworkTest   *network,
                                  NetworkTestSpell     spell);

/* (transfer full): in tiles of @side pixels; 0: as the engine chooses */
LimnArray *upscaler_test_run (LimnUpscaler    *upscaler,
                              const LimnArray *picture,
                              int              side);

typedef struct
{
  int blocks, width, growth, unshuffle, doublings;
} UpscalerRrdb;

/* (transfer full): networks of random weights */
NetworkTest *upscaler_test_srvgg (int layers,
                                  int width,
                                  int scale);
NetworkTest *upscaler_test_rrdb (const UpscalerRrdb *shape);
