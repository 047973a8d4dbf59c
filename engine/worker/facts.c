/* Facts of models and devices as they go over the wire.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/facts.h"

/* What is not known is left out. */
static void
add_text (GVariantBuilder *builder,
          const char      *key,
          const char      *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid != NULL)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (valid));
}

static void
add_texts (GVariantBuilder *builder,
           const char      *key,
           char           **texts)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (int i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (texts[i], -1);

      g_variant_builder_add (&list, "s", valid);
    }
  g_variant_builder_add (builder, "{sv}", key, g_variant_builder_end (&list));
}

static void
add_int (GVariantBuilder *builder,
         const char      *key,
         int              value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_int32 (value));
}

static void
add_count (GVariantBuilder *builder,
           const char      *key,
           guint64          value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint64 (value));
}

static void
add_real (GVariantBuilder *builder,
          const char      *key,
          double           value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_double (value));
}

GVariant *
limn_worker_facts_of_model (const LimnModelInfo *info,
                            const char          *device)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_text (&builder, "path", info->path);
  add_text (&builder, "device", device);
  add_text (&builder, "family", info->family);
  add_text (&builder, "label", info->label);
  add_texts (&builder, "parts", info->parts);
  add_count (&builder, "parameters", info->parameters);
  add_int (&builder, "width", info->width);
  add_int (&builder, "height", info->height);
  add_int (&builder, "size_step", info->size_step);
  add_int (&builder, "max_size", info->max_size);
  add_int (&builder, "native", info->native);
  add_int (&builder, "steps", info->steps);
  add_real (&builder, "guidance", info->guidance);
  add_text (&builder, "sampler", info->sampler);
  add_text (&builder, "schedule", info->schedule);
  add_int (&builder, "latent_channels", info->latent_channels);
  add_int (&builder, "latent_factor", info->latent_factor);
  add_text (&builder, "licence", info->licence);
  return g_variant_builder_end (&builder);
}

static GVariant *
facts_of_device (const LimnDeviceInfo *device)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_text (&builder, "id", device->id);
  add_text (&builder, "name", device->name);
  add_text (&builder, "kind", device->kind);
  add_text (&builder, "driver", device->driver);
  add_text (&builder, "type", device->type);
  add_text (&builder, "reason", device->reason);
  add_texts (&builder, "features", device->features);
  add_int (&builder, "threads", device->threads);
  add_count (&builder, "memory", device->memory);
  add_count (&builder, "budget", device->budget);
  g_variant_builder_add (&builder, "{sv}", "chosen", g_variant_new_boolean (device->chosen));
  g_variant_builder_add (&builder, "{sv}", "used", g_variant_new_boolean (device->used));
  return g_variant_builder_end (&builder);
}

GVariant *
limn_worker_facts_of_devices (const GPtrArray *devices)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < devices->len; i++)
    g_variant_builder_add_value (&builder, facts_of_device (devices->pdata[i]));
  return g_variant_builder_end (&builder);
}

GVariant *
limn_worker_facts_of_cost (const LimnModelCost *cost,
                           double               step_seconds)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_count (&builder, "memory", cost->memory);
  add_real (&builder, "step_operations", cost->step_operations);
  add_real (&builder, "decode_operations", cost->decode_operations);
  add_real (&builder, "enlarge_operations", cost->enlarge_operations);
  if (step_seconds > 0)
    add_real (&builder, "step_seconds", step_seconds);
  return g_variant_builder_end (&builder);
}
