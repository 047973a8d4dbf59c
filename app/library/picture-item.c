/* A picture in a list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/picture-item.h"

struct _LimnPictureItem
{
  GObject    parent;
  gint64     id;
  LimnFacts *facts;
};

G_DEFINE_FINAL_TYPE (LimnPictureItem, limn_picture_item, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_LOADED,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_RATING,
  PROP_STARRED,
  PROP_PROMPT,
  PROP_NAME
};

static void
limn_picture_item_get_property (GObject    *object,
                                guint       property,
                                GValue     *value,
                                GParamSpec *spec)
{
  LimnPictureItem *item = LIMN_PICTURE_ITEM (object);
  const LimnFacts  none = { 0 };
  const LimnFacts *facts = item->facts ? item->facts : &none;

  switch (property)
    {
    case PROP_ID:
      g_value_set_int64 (value, item->id);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, item->facts != NULL);
      break;
    case PROP_WIDTH:
      g_value_set_int (value, facts->width);
      break;
    case PROP_HEIGHT:
      g_value_set_int (value, facts->height);
      break;
    case PROP_RATING:
      g_value_set_int (value, facts->rating);
      break;
    case PROP_STARRED:
      g_value_set_boolean (value, facts->starred);
      break;
    case PROP_PROMPT:
      g_value_set_string (value, facts->prompt);
      break;
    case PROP_NAME:
      g_value_set_string (value, facts->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
limn_picture_item_finalize (GObject *object)
{
  g_clear_pointer (&LIMN_PICTURE_ITEM (object)->facts, limn_facts_free);
  G_OBJECT_CLASS (limn_picture_item_parent_class)->finalize (object);
}

static void
limn_picture_item_class_init (LimnPictureItemClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS (class);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  static const struct
  {
    guint       number;
    const char *name;
  } integers[] = { { PROP_WIDTH, "width" }, { PROP_HEIGHT, "height" }, { PROP_RATING, "rating" } },
    booleans[] = { { PROP_LOADED, "loaded" }, { PROP_STARRED, "starred" } }, texts[] = { { PROP_PROMPT, "prompt" }, { PROP_NAME, "name" } };

  object->get_property = limn_picture_item_get_property;
  object->finalize = limn_picture_item_finalize;

  g_object_class_install_property (object, PROP_ID, g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags));
  for (gsize i = 0; i < G_N_ELEMENTS (integers); i++)
    g_object_class_install_property (object, integers[i].number, g_param_spec_int (integers[i].name, NULL, NULL, 0, G_MAXINT, 0, flags));
  for (gsize i = 0; i < G_N_ELEMENTS (booleans); i++)
    g_object_class_install_property (object, booleans[i].number, g_param_spec_boolean (booleans[i].name, NULL, NULL, FALSE, flags));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_object_class_install_property (object, texts[i].number, g_param_spec_string (texts[i].name, NULL, NULL, NULL, flags));
}

static void
limn_picture_item_init (LimnPictureItem *item)
{
}

LimnPictureItem *
limn_picture_item_new (gint64 id)
{
  LimnPictureItem *item = g_object_new (LIMN_TYPE_PICTURE_ITEM, NULL);

  item->id = id;
  return item;
}

gint64
limn_picture_item_id (LimnPictureItem *item)
{
  return item->id;
}

const LimnFacts *
limn_picture_item_facts (LimnPictureItem *item)
{
  return item->facts;
}

void
limn_picture_item_take_facts (LimnPictureItem *item,
                              LimnFacts       *facts)
{
  static const char *const names[] = { "loaded", "width", "height", "rating", "starred", "prompt", "name" };

  g_clear_pointer (&item->facts, limn_facts_free);
  item->facts = facts;

  g_object_freeze_notify (G_OBJECT (item));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_notify (G_OBJECT (item), names[i]);
  g_object_thaw_notify (G_OBJECT (item));
}
