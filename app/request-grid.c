/* Grids: one request made into many that differ in a few settings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/request-grid.h"

#include <string.h>

#include "app/number.h"

#define LORA "lora:"

static void
request_free (gpointer data)
{
  limn_request_clear (data);
  g_free (data);
}

GPtrArray *
limn_request_list_new (void)
{
  return g_ptr_array_new_with_free_func (request_free);
}

LimnRequest *
limn_request_list_add (GPtrArray         *list,
                       const LimnRequest *request)
{
  LimnRequest *copy = g_new (LimnRequest, 1);

  limn_request_copy (copy, request);
  g_ptr_array_add (list, copy);
  return copy;
}

/* Returns: %NULL, for tail calls */
static gpointer
too_many (GError **error)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE, "--vary: makes more than %d pictures: take fewer values", LIMN_REQUEST_GRID_MAX);
  return NULL;
}

/* "1-4": the values themselves. Negative numbers have their dash at the beginning. */
static gboolean
add_values (GPtrArray  *values,
            const char *text,
            GError    **error)
{
  const char      *dash = text[0] != '\0' ? strchr (text + 1, '-') : NULL;
  g_autofree char *first = dash != NULL ? g_strndup (text, dash - text) : NULL;
  gint64           from, to;

  if (dash == NULL || !limn_number_parse_integer (first, &from) || !limn_number_parse_integer (dash + 1, &to) || to < from)
    {
      g_ptr_array_add (values, g_strdup (text));
      return TRUE;
    }
  if (to - from >= LIMN_REQUEST_GRID_MAX)
    return too_many (error) != NULL;

  for (gint64 value = from; value <= to; value++)
    g_ptr_array_add (values, g_strdup_printf ("%" G_GINT64_FORMAT, value));
  return TRUE;
}

static GPtrArray *
read_values (const char *text,
             GError    **error)
{
  g_auto (GStrv) words = g_strsplit (text, strchr (text, '|') != NULL ? "|" : ",", -1);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; words[i] != NULL; i++)
    if (!add_values (values, g_strstrip (words[i]), error))
      return NULL;
  return g_steal_pointer (&values);
}

/* One that the request has already gets the weight; any other is added. */
static gboolean
set_lora (LimnRequest *request,
          const char  *name,
          const char  *weight,
          GError     **error)
{
  g_autofree char *text = g_strconcat (name, ":", weight, NULL);
  double           value;

  if (!limn_number_parse_real (weight, &value))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--vary \"%s%s\": \"%s\" is no weight", LORA, name, weight);
      return FALSE;
    }

  for (guint i = 0; request->loras != NULL && i < request->loras->len; i++)
    if (g_str_equal (((LimnLora *) request->loras->pdata[i])->name, name))
      g_ptr_array_remove_index (request->loras, i--);
  return limn_request_add_lora (request, text, error);
}

static gboolean
set_value (LimnRequest *request,
           const char  *key,
           const char  *value,
           GError     **error)
{
  if (g_str_has_prefix (key, LORA))
    return set_lora (request, key + strlen (LORA), value, error);
  if (limn_request_knows (key))
    return limn_request_set (request, key, value, error);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--vary \"%s\": there is no such setting: take seed, prompt, steps, sampler, …", key);
  return FALSE;
}

/* Returns: each of @list with each of the values */
static GPtrArray *
cross (GPtrArray  *list,
       const char *axis,
       GError    **error)
{
  const char      *equals = strchr (axis, '=');
  g_autofree char *key = equals != NULL ? g_strndup (axis, equals - axis) : NULL;
  g_autoptr (GPtrArray) values = equals != NULL ? read_values (equals + 1, error) : NULL;
  g_autoptr (GPtrArray) crossed = limn_request_list_new ();

  if (equals == NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--vary \"%s\": is not KEY=VALUE,VALUE,…", axis);
      return NULL;
    }
  if (values == NULL)
    return NULL;
  if ((gsize) list->len * values->len > LIMN_REQUEST_GRID_MAX)
    return too_many (error);

  for (guint i = 0; i < list->len; i++)
    for (guint j = 0; j < values->len; j++)
      if (!set_value (limn_request_list_add (crossed, list->pdata[i]), key, values->pdata[j], error))
        return NULL;
  return g_steal_pointer (&crossed);
}

/* Each @count times; the seeds follow one another. */
static GPtrArray *
repeat (const GPtrArray *list,
        int              count,
        GError         **error)
{
  g_autoptr (GPtrArray) repeated = limn_request_list_new ();

  if ((gsize) list->len * count > LIMN_REQUEST_GRID_MAX)
    return too_many (error);

  for (guint i = 0; i < list->len; i++)
    for (int j = 0; j < count; j++)
      {
        LimnRequest *request = limn_request_list_add (repeated, list->pdata[i]);

        request->seed = request->seed > G_MAXINT64 - j ? j : request->seed + j;
      }
  return g_steal_pointer (&repeated);
}

GPtrArray *
limn_request_grid (const LimnRequest *request,
                   int                count,
                   char *const       *axes,
                   GError           **error)
{
  g_autoptr (GPtrArray) list = limn_request_list_new ();
  LimnRequest *first = limn_request_list_add (list, request);

  if (first->seed < 0)
    first->seed = g_random_int ();
  for (int i = 0; axes != NULL && axes[i] != NULL; i++)
    {
      GPtrArray *crossed = cross (list, axes[i], error);

      if (crossed == NULL)
        return NULL;
      g_ptr_array_unref (list);
      list = crossed;
    }

  return repeat (list, count, error);
}
