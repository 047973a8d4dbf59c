/* ControlNet: what a picture of lines, depth or poses adds to a U-Net.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/unet.h"

G_BEGIN_DECLS

/**
 * limn_control_net:
 * @inputs: as the U-Net's, without a hint
 * @picture: 0…1, [n, 8 h, 8 w, 3]
 * @way: (out): what is to be added to the U-Net's results on the way down and in the middle
 *
 * ControlNetModel of diffusers: a copy of a U-Net's first half (Zhang et al., 2023, "Adding Conditional Control to Text-to-Image Diffusion
 * Models").
 */
void limn_control_net (const LimnScope      *scope,
                       const LimnUnetConfig *config,
                       const LimnUnetInputs *inputs,
                       LimnTensor           *picture,
                       LimnUnetWay          *way);

G_END_DECLS
