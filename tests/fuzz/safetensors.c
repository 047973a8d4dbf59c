/* Fuzz target: .safetensors files, and the name maps over what they hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/name-map.h"
#include "tests/fuzz/fuzz.h"

static const LimnNameMap *const maps[] = { &limn_names_sd1, &limn_names_diffusers, &limn_names_plain };
static const char *const        parts[] = { "unet", "vae", "text_encoder", "text_encoder_2", "controlnet", "transformer" };

static void
rename_parts (const LimnWeights *weights)
{
  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (LimnWeights) renamed = limn_weights_renamed (weights, maps[i], parts[k], &error);

        fuzz_check_error (renamed == NULL, &error);
        if (renamed != NULL)
          fuzz_use_weights (renamed);
      }
}

static gboolean
run (const guint8 *data,
     gsize         size)
{
  g_autoptr (GBytes) bytes = fuzz_weights_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_new_from_bytes (bytes, &error);

  fuzz_check_error (weights == NULL, &error);
  if (weights == NULL)
    return FALSE;
  fuzz_use_weights (weights);
  rename_parts (weights);
  return TRUE;
}

#define F16(name, shape, from, to) "\"" name "\":{\"dtype\":\"F16\",\"shape\":" shape ",\"data_offsets\":[" #from "," #to "]}"

static const char original[] = "{" F16 ("model.diffusion_model.input_blocks.0.0.weight", "[2,1,1,1]", 0, 4) "," F16 ("model.diffusion_model.input_blocks.1.1.proj_in.weight", "[1,1,1,1]", 4, 6) "," F16 ("model.diffusion_model.input_blocks.1.0.in_layers.0.weight", "[1]", 6, 8) "," F16 ("model.diffusion_model.output_blocks.0.0.in_layers.2.weight", "[1]", 8, 10) "," F16 ("model.diffusion_model.out.2.weight", "[1]", 10, 12) "}\0aaaabbccddee";

static const char open_clip[] = "{" F16 ("cond_stage_model.model.transformer.resblocks.0.attn.in_proj_weight", "[3,1]", 0, 6) "," F16 ("cond_stage_model.model.token_embedding.weight", "[1,1]", 6, 8) "," F16 ("cond_stage_model.model.text_projection", "[1,2]", 8, 12) "," F16 ("conditioner.embedders.1.model.token_embedding.weight", "[1,1]", 12, 14) "," F16 ("conditioner.embedders.1.model.transformer.resblocks.0.attn.in_proj_bias", "[3]", 14, 20) "}\0aaaabbccddeeffgghhii";

static const char autoencoder[] = "{" F16 ("first_stage_model.decoder.mid.block_1.norm1.weight", "[1]", 0, 2) "," F16 ("first_stage_model.decoder.conv_in.weight", "[1,1,1,1]", 2, 4) "," F16 ("first_stage_model.decoder.mid.attn_1.q.weight", "[1,1,1,1]", 4, 6) "," F16 ("first_stage_model.encoder.conv_in.weight", "[1,1,1,1]", 6, 8) "}\0aabbccdd";

static const char types[] = "{\"__metadata__\":{\"format\":\"pt\",\"modelspec.title\":\"\\u00e9\"},"
                            "\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]},"
                            "\"b\":{\"dtype\":\"F8_E5M2\",\"shape\":[2],\"data_offsets\":[2,4]},"
                            "\"c\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[4,12]},"
                            "\"d\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[12,16]},"
                            "\"e\":{\"dtype\":\"BF16\",\"shape\":[1,0,4],\"data_offsets\":[16,16]}}\0"
                            "0123456789abcdef";

static const char whole[] = "\x37\0\0\0\0\0\0\0{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} abcd";

static const FuzzSeed seeds[] = {
  { "original", original, sizeof original - 1 },
  { "open-clip", open_clip, sizeof open_clip - 1 },
  { "autoencoder", autoencoder, sizeof autoencoder - 1 },
  { "types", types, sizeof types - 1 },
  { "whole", whole, sizeof whole - 1 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "safetensors", seeds, run };
