/* Spellings that diffusers folders have had, under the ones they have now; and those, for parts that come as files of their own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/name-map.h"

/* Autoencoders of early versions. */
static const LimnNameRule old_attention[] = {
  { .from = "group_norm.", .to = "group_norm." },
  { .from = "query.", .to = "to_q.", .view = LIMN_NAME_DROP_ONES },
  { .from = "key.", .to = "to_k.", .view = LIMN_NAME_DROP_ONES },
  { .from = "value.", .to = "to_v.", .view = LIMN_NAME_DROP_ONES },
  { .from = "proj_attn.", .to = "to_out.0.", .view = LIMN_NAME_DROP_ONES },
  { 0 },
};

static const LimnNameRule old_vae[] = {
  { .from = "encoder.mid_block.attentions.#.",
    .to = "encoder.mid_block.attentions.#.",
    .inner = old_attention },
  { .from = "decoder.mid_block.attentions.#.",
    .to = "decoder.mid_block.attentions.#.",
    .inner = old_attention },
  { .from = "", .to = "" },
  { 0 },
};

/* Text encoders saved by transformers 5. */
static const LimnNameRule flat_clip[] = {
  { .from = "embeddings.", .to = "text_model.embeddings." },
  { .from = "encoder.", .to = "text_model.encoder." },
  { .from = "final_layer_norm.", .to = "text_model.final_layer_norm." },
  { .from = "", .to = "" },
  { 0 },
};

static const LimnNamePart parts[] = {
  { .part = "vae",
    .prefixes = { "" },
    .probe = "decoder.mid_block.attentions.0.query.weight",
    .rules = old_vae },
  { .part = "text_encoder",
    .prefixes = { "" },
    .probe = "embeddings.token_embedding.weight",
    .rules = flat_clip },
  { .part = "text_encoder_2",
    .prefixes = { "" },
    .probe = "embeddings.token_embedding.weight",
    .rules = flat_clip },
  { 0 },
};

const LimnNameMap limn_names_diffusers = {
  .name = "older diffusers folders",
  .parts = parts,
};

static const LimnNameRule as_is[] = {
  { .from = "", .to = "" },
  { 0 },
};

static const LimnNamePart plain_parts[] = {
  { .part = "unet", .prefixes = { "" }, .probe = "conv_norm_out.weight", .rules = as_is },
  { .part = "vae", .prefixes = { "" }, .probe = "decoder.conv_norm_out.weight", .rules = as_is },
  { .part = "text_encoder", .prefixes = { "" }, .probe = "text_model.embeddings.token_embedding.weight", .rules = as_is },
  { .part = "text_encoder_2", .prefixes = { "" }, .probe = "text_model.embeddings.token_embedding.weight", .rules = as_is },
  { .part = "controlnet", .prefixes = { "" }, .probe = "controlnet_cond_embedding.conv_in.weight", .rules = as_is },
  { 0 },
};

const LimnNameMap limn_names_plain = {
  .name = "diffusers",
  .parts = plain_parts,
};
