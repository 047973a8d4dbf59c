/* What an engine's client asks its worker for beside pictures: the model, the devices, what a picture costs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-job.h"

#include <string.h>

#include "app/engine-files.h"
#include "app/model-place.h"
#include "app/request-variant.h"

/* On another machine, the starter is that one's. */
static char *
find_model (LimnEngineCore    *core,
            const LimnRequest *request,
            GError           **error)
{
  gboolean starter = request->model == NULL || g_str_equal (request->model, "starter");

  if (limn_engine_core_is_remote (core))
    return g_strdup (starter ? "" : request->model);
  return limn_model_place_find (request->model, error);
}

LimnEngineLink *
limn_engine_work_open (LimnEngineCore       *core,
                       const LimnRequest    *request,
                       const LimnEnginePlan *plan,
                       char                **path,
                       GVariant            **info,
                       GError              **error)
{
  g_autoptr (GVariant) values = limn_request_to_variant (request);
  g_autoptr (GVariant) answer = NULL;
  g_auto (GStrv) read = NULL;
  LimnEngineLink *link;

  *path = find_model (core, request, error);
  if (*path == NULL)
    return NULL;
  read = limn_engine_files_of (*path, values);
  link = limn_engine_core_link (core, (const char *const *) read, error);
  if (link == NULL)
    return NULL;
  answer = limn_engine_link_call (link, "Open", g_variant_new ("(s@a{sv})", *path, limn_engine_plan_options (plan, request)),
                                  G_VARIANT_TYPE ("(a{sv})"), NULL, NULL, error);
  if (answer == NULL)
    return NULL;
  *info = g_variant_get_child_value (answer, 0);
  return link;
}

static double
real_of (GVariant   *facts,
         const char *key)
{
  double value = 0;

  g_variant_lookup (facts, key, "d", &value);
  return value;
}

static int
int_of (GVariant   *facts,
        const char *key)
{
  int value = 0;

  g_variant_lookup (facts, key, "i", &value);
  return value;
}

static LimnEngineEstimate *
estimate_of (GVariant          *cost,
             GVariant          *info,
             const LimnRequest *request)
{
  LimnEngineEstimate *estimate = g_new0 (LimnEngineEstimate, 1);
  double              operations;

  g_variant_lookup (cost, "memory", "t", &estimate->memory);
  estimate->step_operations = real_of (cost, "step_operations");
  estimate->decode_operations = real_of (cost, "decode_operations");
  estimate->enlarge_operations = real_of (cost, "enlarge_operations");
  estimate->step_seconds = real_of (cost, "step_seconds");
  estimate->width = request->width > 0 ? (int) request->width : int_of (info, "width");
  estimate->height = request->height > 0 ? (int) request->height : int_of (info, "height");
  estimate->steps = request->steps > 0 ? (int) request->steps : int_of (info, "steps");
  if (estimate->step_seconds == 0 || estimate->step_operations == 0)
    return estimate;

  operations = estimate->step_operations * estimate->steps + estimate->decode_operations + estimate->enlarge_operations;
  estimate->seconds = estimate->step_seconds * operations / estimate->step_operations;
  return estimate;
}

gpointer
limn_engine_work_estimate (LimnEngineCore *core,
                           gpointer        data,
                           GError        **error)
{
  const LimnRequest *request = limn_engine_work_request (data);
  g_auto (LimnEnginePlan) plan = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (GVariant) info = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) cost = NULL;
  LimnEngineLink *link;

  limn_engine_core_plan (core, &plan);
  link = limn_engine_work_open (core, request, &plan, &path, &info, error);
  if (link == NULL)
    return NULL;
  answer = limn_engine_link_call (link, "Estimate", g_variant_new ("(ii)", (int) MAX (request->width, 0), (int) MAX (request->height, 0)),
                                  G_VARIANT_TYPE ("(a{sv})"), NULL, NULL, error);
  if (answer == NULL)
    return NULL;
  cost = g_variant_get_child_value (answer, 0);
  return estimate_of (cost, info, request);
}

static void
device_free (gpointer data)
{
  LimnDeviceInfo *device = data;

  g_free (device->id);
  g_free (device->name);
  g_free (device->kind);
  g_free (device->driver);
  g_free (device->type);
  g_free (device->reason);
  g_strfreev (device->features);
  g_free (device);
}

static LimnDeviceInfo *
device_of (GVariant *facts)
{
  LimnDeviceInfo *device = g_new0 (LimnDeviceInfo, 1);

  g_variant_lookup (facts, "id", "s", &device->id);
  g_variant_lookup (facts, "name", "s", &device->name);
  g_variant_lookup (facts, "kind", "s", &device->kind);
  g_variant_lookup (facts, "driver", "s", &device->driver);
  g_variant_lookup (facts, "type", "s", &device->type);
  g_variant_lookup (facts, "reason", "s", &device->reason);
  g_variant_lookup (facts, "features", "^as", &device->features);
  g_variant_lookup (facts, "threads", "i", &device->threads);
  g_variant_lookup (facts, "memory", "t", &device->memory);
  g_variant_lookup (facts, "budget", "t", &device->budget);
  g_variant_lookup (facts, "chosen", "b", &device->chosen);
  g_variant_lookup (facts, "used", "b", &device->used);
  return device;
}

gpointer
limn_engine_work_devices (LimnEngineCore *core,
                          gpointer        data,
                          GError        **error)
{
  LimnEngineLink *link = limn_engine_core_link (core, NULL, error);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) list = NULL;
  GPtrArray *devices;

  if (link != NULL)
    answer = limn_engine_link_call (link, "Devices", NULL, G_VARIANT_TYPE ("(aa{sv})"), NULL, NULL, error);
  if (answer == NULL)
    return NULL;

  list = g_variant_get_child_value (answer, 0);
  devices = g_ptr_array_new_with_free_func (device_free);
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) facts = g_variant_get_child_value (list, i);

      g_ptr_array_add (devices, device_of (facts));
    }
  return devices;
}
