/* Adapters: which weight a layer's name means, in any program's spelling.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"

/*
 * kohya's names have underscores for the dots, which cannot be undone without knowing the names. So all names are compared with
 * underscores, whatever they had: those of the model, of the file, and the rules that turn CompVis' names into diffusers'.
 */
static char *
flatten (const char *name)
{
  return g_strdelimit (g_strdup (name), ".", '_');
}

LimnAdapterTarget *
limn_adapter_target_new (const char  *part,
                         LimnWeights *weights)
{
  LimnAdapterTarget *target = g_new0 (LimnAdapterTarget, 1);

  target->part = part;
  target->weights = weights;
  target->flat = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  target->patches = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) limn_patch_unref);
  target->topology.layers = limn_names_count (weights, "down_blocks.0.resnets.", 0, ".conv1.weight");
  for (gsize i = 0; i < limn_weights_count (weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (weights, i);

      g_hash_table_insert (target->flat, flatten (weight->name), (gpointer) weight);
    }
  return target;
}

void
limn_adapter_target_free (LimnAdapterTarget *target)
{
  g_hash_table_unref (target->patches);
  g_hash_table_unref (target->flat);
  limn_weights_unref (target->weights);
  g_free (target);
}

gboolean
limn_adapter_target_is_text (const LimnAdapterTarget *target)
{
  return g_str_has_prefix (target->part, "text_encoder");
}

LimnPatch *
limn_adapter_target_patch (LimnAdapterTarget *target,
                           const LimnWeight  *weight)
{
  LimnPatch *patch = g_hash_table_lookup (target->patches, weight->name);

  if (patch == NULL)
    {
      patch = limn_patch_new (weight);
      g_hash_table_insert (target->patches, (gpointer) weight->name, patch);
    }
  return patch;
}

/* --- CompVis' names ---------------------------------------------------------------------------------------------- */

/* Matches the beginning of @name; @pattern has '#' for numbers, and dots that are underscores here. */
static const char *
match (const char *pattern,
       const char *name,
       int        *numbers)
{
  int n = 0;

  for (; *pattern != '\0'; pattern++)
    {
      guint64 number;
      char   *end;

      if (*pattern != '#')
        {
          if (*name++ != (*pattern == '.' ? '_' : *pattern))
            return NULL;
          continue;
        }
      if (!g_ascii_isdigit (*name) || n == LIMN_NAME_MAX_NUMBERS)
        return NULL;
      number = g_ascii_strtoull (name, &end, 10);
      numbers[n++] = (int) MIN (number, 99999);
      name = end;
    }
  return name;
}

static void
append (GString    *out,
        const char *pattern,
        const int  *numbers)
{
  for (; *pattern != '\0'; pattern++)
    if (*pattern == '#')
      g_string_append_printf (out, "%d", *numbers++);
    else
      g_string_append_c (out, *pattern == '.' ? '_' : *pattern);
}

/* The first name that the rules make of @name and that the model has. */
static const LimnWeight *
find_by_rules (const LimnAdapterTarget *target,
               const LimnNameRule      *rules,
               const char              *name,
               GString                 *made)
{
  const gsize length = made->len;

  for (const LimnNameRule *rule = rules; rule->from != NULL; rule++)
    {
      int               in[LIMN_NAME_MAX_NUMBERS] = { 0 }, out[LIMN_NAME_MAX_NUMBERS] = { 0 };
      const char       *rest = match (rule->from, name, in);
      const LimnWeight *weight;

      if (rest == NULL || rule->rows != 0 || (rule->renumber != NULL && !rule->renumber (&target->topology, in, out)))
        continue;
      append (made, rule->to, rule->renumber != NULL ? out : in);
      if (rule->inner != NULL)
        weight = find_by_rules (target, rule->inner, rest, made);
      else
        weight = g_hash_table_lookup (target->flat, g_string_append (made, rest)->str);
      g_string_truncate (made, length);
      if (weight != NULL)
        return weight;
    }
  return NULL;
}

static const LimnWeight *
find_original (const LimnAdapterTarget *target,
               const char              *flat)
{
  g_autoptr (GString) made = g_string_new (NULL);

  for (const LimnNamePart *part = limn_names_sd1.parts; part->part != NULL; part++)
    {
      const LimnWeight *weight = g_str_equal (part->part, target->part) ? find_by_rules (target, part->rules, flat, made) : NULL;

      if (weight != NULL)
        return weight;
    }
  return NULL;
}

/* --- other spellings --------------------------------------------------------------------------------------------- */

/* Ends of names that early diffusers had; those of text encoders were called as the U-Net's. */
static const struct
{
  const char *from, *to;
} ends[] = {
  { "_to_out", "_to_out_0" },
  { "_to_out", "_out_proj" },
  { "_to_q", "_q_proj" },
  { "_to_k", "_k_proj" },
  { "_to_v", "_v_proj" },
};

static const LimnWeight *
find_spelling (const LimnAdapterTarget *target,
               const char              *stem,
               const char              *suffix)
{
  g_autofree char  *flat = g_strdup_printf ("%s_%s", stem, suffix);
  g_autofree char  *nested = g_strdup_printf ("text_model_%s", flat);
  const LimnWeight *weight = g_hash_table_lookup (target->flat, flat);

  if (weight == NULL)
    weight = find_original (target, flat);
  if (weight == NULL)
    weight = g_hash_table_lookup (target->flat, nested);
  return weight;
}

static const LimnWeight *
find_in (const LimnAdapterTarget *target,
         const char              *name,
         const char              *suffix)
{
  g_autofree char  *stem = flatten (name);
  const LimnWeight *weight = find_spelling (target, stem, suffix);

  for (gsize i = 0; i < G_N_ELEMENTS (ends) && weight == NULL; i++)
    if (g_str_has_suffix (stem, ends[i].from))
      {
        g_autofree char *start = g_strndup (stem, strlen (stem) - strlen (ends[i].from));
        g_autofree char *other = g_strconcat (start, ends[i].to, NULL);

        weight = find_spelling (target, other, suffix);
      }
  return weight;
}

/* How names begin, and which part that means; NULL: any. */
static const struct
{
  const char *prefix, *part;
} prefixes[] = {
  { "lora_unet_", "generator" },
  { "lora_transformer_", "generator" },
  { "lora_te1_", "text_encoder" },
  { "lora_te2_", "text_encoder_2" },
  { "lora_te_", "text_encoder" },
  { "lycoris_", NULL },
  { "base_model.model.", NULL },
  { "unet.", "generator" },
  { "transformer.", "generator" },
  { "model.diffusion_model.", "generator" },
  { "diffusion_model.", "generator" },
  { "text_encoder_2.", "text_encoder_2" },
  { "text_encoder.", "text_encoder" },
  { "text_encoders.clip_g.transformer.", "text_encoder_2" },
  { "text_encoders.clip_l.transformer.", "text_encoder" },
};

static gboolean
is_meant (const LimnAdapterTarget *target,
          const char              *part)
{
  if (part == NULL)
    return TRUE;
  return g_str_equal (part, "generator") ? !limn_adapter_target_is_text (target) : g_str_equal (part, target->part);
}

/* "…attn1.processor.to_q": a class of early diffusers between the names. */
static char *
without_processor (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".processor.", 2);

  return g_strjoinv (".", parts);
}

const LimnWeight *
limn_adapter_find (GPtrArray          *targets,
                   const char         *layer,
                   const char         *suffix,
                   LimnAdapterTarget **target)
{
  g_autofree char *name = without_processor (layer);
  const char      *rest = name, *part = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes) && rest == name; i++)
    if (g_str_has_prefix (name, prefixes[i].prefix))
      {
        rest = name + strlen (prefixes[i].prefix);
        part = prefixes[i].part;
      }
  for (guint i = 0; i < targets->len; i++)
    {
      const LimnWeight *weight;

      *target = targets->pdata[i];
      weight = is_meant (*target, part) ? find_in (*target, rest, suffix) : NULL;
      if (weight != NULL)
        return weight;
    }
  return NULL;
}
