/* LoRAs of a request: by name and weight.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request.h"

#include <math.h>
#include <string.h>

#include "app/number.h"

#define MAX_WEIGHT 100

static void
lora_free (LimnLora *lora)
{
  g_free (lora->name);
  g_free (lora);
}

GPtrArray *
limn_lora_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lora_free);
}

void
limn_lora_list_add (GPtrArray  *list,
                    const char *name,
                    double      weight)
{
  LimnLora *lora = g_new (LimnLora, 1);

  *lora = (LimnLora){ .name = g_strdup (name), .weight = weight, .text_weight = weight };
  g_ptr_array_add (list, lora);
}

GPtrArray *
limn_lora_list_copy (const GPtrArray *list)
{
  GPtrArray *copy = list != NULL ? limn_lora_list_new () : NULL;

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const LimnLora *lora = list->pdata[i];

      limn_lora_list_add (copy, lora->name, lora->weight);
      ((LimnLora *) copy->pdata[i])->text_weight = lora->text_weight;
    }
  return copy;
}

void
limn_lora_list_write (const GPtrArray *list,
                      LimnJsonWriter  *writer)
{
  if (list == NULL || list->len == 0)
    return;

  limn_json_writer_open (writer, "loras", '[');
  for (guint i = 0; i < list->len; i++)
    {
      const LimnLora *lora = list->pdata[i];

      limn_json_writer_open (writer, NULL, '{');
      limn_json_writer_string (writer, "name", lora->name);
      limn_json_writer_real (writer, "weight", lora->weight);
      if (lora->text_weight != lora->weight)
        limn_json_writer_real (writer, "text_weight", lora->text_weight);
      limn_json_writer_close (writer, '}');
    }
  limn_json_writer_close (writer, ']');
}

gboolean
limn_request_add_lora (LimnRequest *request,
                       const char  *text,
                       GError     **error)
{
  const char      *colon = strrchr (text, ':');
  g_autofree char *name = g_strdup (text);
  double           weight = 1;

  if (colon != NULL && limn_number_parse_real (colon + 1, &weight))
    name[colon - text] = '\0';
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "lora \"%s\": names no file: write FILE or FILE:WEIGHT", text);
      return FALSE;
    }
  if (!(fabs (weight) <= MAX_WEIGHT))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE, "lora %s: its weight is out of range: take one from %d to %d", text, -MAX_WEIGHT,
                   MAX_WEIGHT);
      return FALSE;
    }

  if (request->loras == NULL)
    request->loras = limn_lora_list_new ();
  limn_lora_list_add (request->loras, name, weight);
  return TRUE;
}
