/* Names of original Stable Diffusion 1.x, 2.x and XL single files (CompVis, Stability).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/name-map.h"

/* U-Net: blocks are counted through. Down: the first convolution, then for each level its layers and a change of resolution; up: one layer
 * more a level, the change of resolution inside the last. */

static void
measure_unet (const LimnWeights *weights,
              LimnTopology      *topology)
{
  topology->layers = limn_names_count (weights, "input_blocks.", 1, ".0.in_layers.0.weight");
}

static gboolean
down_layer (const LimnTopology *topology,
            const int          *in,
            int                *out)
{
  out[0] = (in[0] - 1) / (topology->layers + 1);
  out[1] = (in[0] - 1) % (topology->layers + 1);
  return in[0] > 0;
}

static gboolean
up_layer (const LimnTopology *topology,
          const int          *in,
          int                *out)
{
  out[0] = in[0] / (topology->layers + 1);
  out[1] = in[0] % (topology->layers + 1);
  return TRUE;
}

static const LimnNameRule unet_resnet[] = {
  { .from = "in_layers.0.", .to = "norm1." },
  { .from = "in_layers.2.", .to = "conv1." },
  { .from = "emb_layers.1.", .to = "time_emb_proj." },
  { .from = "out_layers.0.", .to = "norm2." },
  { .from = "out_layers.3.", .to = "conv2." },
  { .from = "skip_connection.", .to = "conv_shortcut." },
  { 0 },
};

static const LimnNameRule unet_attention[] = {
  { .from = "norm.", .to = "norm." },
  { .from = "proj_in.", .to = "proj_in." },
  { .from = "proj_out.", .to = "proj_out." },
  { .from = "transformer_blocks.", .to = "transformer_blocks." },
  { 0 },
};

static const LimnNameRule unet[] = {
  { .from = "time_embed.0.", .to = "time_embedding.linear_1." },
  { .from = "time_embed.2.", .to = "time_embedding.linear_2." },
  { .from = "label_emb.0.0.", .to = "add_embedding.linear_1." },
  { .from = "label_emb.0.2.", .to = "add_embedding.linear_2." },
  { .from = "input_blocks.0.0.", .to = "conv_in." },
  { .from = "input_blocks.#.0.op.",
    .to = "down_blocks.#.downsamplers.0.conv.",
    .renumber = down_layer },
  { .from = "input_blocks.#.0.",
    .to = "down_blocks.#.resnets.#.",
    .inner = unet_resnet,
    .renumber = down_layer },
  { .from = "input_blocks.#.1.",
    .to = "down_blocks.#.attentions.#.",
    .inner = unet_attention,
    .renumber = down_layer },
  { .from = "middle_block.0.", .to = "mid_block.resnets.0.", .inner = unet_resnet },
  { .from = "middle_block.1.", .to = "mid_block.attentions.0.", .inner = unet_attention },
  { .from = "middle_block.2.", .to = "mid_block.resnets.1.", .inner = unet_resnet },
  { .from = "output_blocks.#.0.",
    .to = "up_blocks.#.resnets.#.",
    .inner = unet_resnet,
    .renumber = up_layer },
  { .from = "output_blocks.#.1.",
    .to = "up_blocks.#.attentions.#.",
    .inner = unet_attention,
    .renumber = up_layer },
  /* After the attention, or in its place where a level has none. */
  { .from = "output_blocks.#.1.conv.",
    .to = "up_blocks.#.upsamplers.0.conv.",
    .renumber = up_layer },
  { .from = "output_blocks.#.2.conv.",
    .to = "up_blocks.#.upsamplers.0.conv.",
    .renumber = up_layer },
  { .from = "out.0.", .to = "conv_norm_out." },
  { .from = "out.2.", .to = "conv_out." },
  { 0 },
};

/* ControlNet: a U-Net's first half, and layers of its own. */

static gboolean
hint_layer (const LimnTopology *topology,
            const int          *in,
            int                *out)
{
  out[0] = in[0] / 2 - 1; /* an activation stands between two layers */
  return in[0] > 0;
}

static const LimnNameRule control_net[] = {
  { .from = "input_hint_block.0.", .to = "controlnet_cond_embedding.conv_in." },
  { .from = "input_hint_block.14.", .to = "controlnet_cond_embedding.conv_out." },
  { .from = "input_hint_block.#.", .to = "controlnet_cond_embedding.blocks.#.", .renumber = hint_layer },
  { .from = "zero_convs.#.0.", .to = "controlnet_down_blocks.#." },
  { .from = "middle_block_out.0.", .to = "controlnet_mid_block." },
  { .from = "", .to = "", .inner = unet },
  { 0 },
};

/* Autoencoder: the decoder counts its levels from the largest, diffusers in the order of computation. */

static void
measure_vae (const LimnWeights *weights,
             LimnTopology      *topology)
{
  topology->levels = limn_names_count (weights, "decoder.up.", 0, ".block.0.norm1.weight");
}

static gboolean
reverse_level (const LimnTopology *topology,
               const int          *in,
               int                *out)
{
  out[0] = topology->levels - 1 - in[0];
  out[1] = in[1];
  return out[0] >= 0;
}

static const LimnNameRule vae_resnet[] = {
  { .from = "norm1.", .to = "norm1." },
  { .from = "conv1.", .to = "conv1." },
  { .from = "norm2.", .to = "norm2." },
  { .from = "conv2.", .to = "conv2." },
  { .from = "nin_shortcut.", .to = "conv_shortcut." },
  { 0 },
};

static const LimnNameRule vae_attention[] = {
  { .from = "norm.", .to = "group_norm." },
  { .from = "q.", .to = "to_q.", .view = LIMN_NAME_DROP_ONES },
  { .from = "k.", .to = "to_k.", .view = LIMN_NAME_DROP_ONES },
  { .from = "v.", .to = "to_v.", .view = LIMN_NAME_DROP_ONES },
  { .from = "proj_out.", .to = "to_out.0.", .view = LIMN_NAME_DROP_ONES },
  { 0 },
};

static const LimnNameRule vae_coder[] = {
  { .from = "conv_in.", .to = "conv_in." },
  { .from = "down.#.block.#.", .to = "down_blocks.#.resnets.#.", .inner = vae_resnet },
  { .from = "down.#.downsample.conv.", .to = "down_blocks.#.downsamplers.0.conv." },
  { .from = "up.#.block.#.",
    .to = "up_blocks.#.resnets.#.",
    .inner = vae_resnet,
    .renumber = reverse_level },
  { .from = "up.#.upsample.conv.",
    .to = "up_blocks.#.upsamplers.0.conv.",
    .renumber = reverse_level },
  { .from = "mid.block_1.", .to = "mid_block.resnets.0.", .inner = vae_resnet },
  { .from = "mid.attn_1.", .to = "mid_block.attentions.0.", .inner = vae_attention },
  { .from = "mid.block_2.", .to = "mid_block.resnets.1.", .inner = vae_resnet },
  { .from = "norm_out.", .to = "conv_norm_out." },
  { .from = "conv_out.", .to = "conv_out." },
  { 0 },
};

static const LimnNameRule vae[] = {
  { .from = "encoder.", .to = "encoder.", .inner = vae_coder },
  { .from = "decoder.", .to = "decoder.", .inner = vae_coder },
  { .from = "quant_conv.", .to = "quant_conv." },
  { .from = "post_quant_conv.", .to = "post_quant_conv." },
  { 0 },
};

/* Text encoder of 1.x: CLIP as transformers names it, with or without a level of nesting. */

static const LimnNameRule clip[] = {
  { .from = "embeddings.", .to = "text_model.embeddings." },
  { .from = "encoder.", .to = "text_model.encoder." },
  { .from = "final_layer_norm.", .to = "text_model.final_layer_norm." },
  { 0 },
};

/* Text encoder of 2.x: CLIP as OpenCLIP names it: query, key and value in one matrix, the projection the other way round. */

static const LimnNameRule open_clip_layer[] = {
  { .from = "ln_1.", .to = "layer_norm1." },
  { .from = "ln_2.", .to = "layer_norm2." },
  { .from = "mlp.c_fc.", .to = "mlp.fc1." },
  { .from = "mlp.c_proj.", .to = "mlp.fc2." },
  { .from = "attn.in_proj_weight", .to = "self_attn.q_proj.weight", .rows = 3, .row = 0 },
  { .from = "attn.in_proj_weight", .to = "self_attn.k_proj.weight", .rows = 3, .row = 1 },
  { .from = "attn.in_proj_weight", .to = "self_attn.v_proj.weight", .rows = 3, .row = 2 },
  { .from = "attn.in_proj_bias", .to = "self_attn.q_proj.bias", .rows = 3, .row = 0 },
  { .from = "attn.in_proj_bias", .to = "self_attn.k_proj.bias", .rows = 3, .row = 1 },
  { .from = "attn.in_proj_bias", .to = "self_attn.v_proj.bias", .rows = 3, .row = 2 },
  { .from = "attn.out_proj.", .to = "self_attn.out_proj." },
  { 0 },
};

static const LimnNameRule open_clip[] = {
  { .from = "token_embedding.", .to = "text_model.embeddings.token_embedding." },
  { .from = "positional_embedding", .to = "text_model.embeddings.position_embedding.weight" },
  { .from = "transformer.resblocks.#.",
    .to = "text_model.encoder.layers.#.",
    .inner = open_clip_layer },
  { .from = "ln_final.", .to = "text_model.final_layer_norm." },
  { .from = "text_projection", .to = "text_projection.weight", .view = LIMN_NAME_TRANSPOSE },
  { 0 },
};

static const LimnNamePart parts[] = {
  { .part = "controlnet",
    .prefixes = { "control_model", "" },
    .probe = "zero_convs.0.0.weight",
    .measure = measure_unet,
    .rules = control_net },
  { .part = "unet",
    .prefixes = { "model.diffusion_model", "" },
    .probe = "input_blocks.0.0.weight",
    .measure = measure_unet,
    .rules = unet },
  { .part = "vae",
    .prefixes = { "first_stage_model", "" },
    .probe = "decoder.mid.block_1.norm1.weight",
    .measure = measure_vae,
    .rules = vae },
  { .part = "text_encoder",
    .prefixes = { "cond_stage_model.transformer.text_model", "cond_stage_model.transformer", "conditioner.embedders.0.transformer.text_model" },
    .probe = "embeddings.token_embedding.weight",
    .rules = clip },
  { .part = "text_encoder",
    .prefixes = { "cond_stage_model.model" },
    .probe = "token_embedding.weight",
    .rules = open_clip },
  /* XL's second encoder; the refiner has no first one. */
  { .part = "text_encoder_2",
    .prefixes = { "conditioner.embedders.1.model", "conditioner.embedders.0.model" },
    .probe = "token_embedding.weight",
    .rules = open_clip },
  { 0 },
};

const LimnNameMap limn_names_sd1 = {
  .name = "original Stable Diffusion files",
  .parts = parts,
};
