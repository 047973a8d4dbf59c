/* XMP packets: says in a picture, as the press agreed on it, that and how it was made by a machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/xmp.h"

#include <string.h>

#define SOURCE_TYPES "http://cv.iptc.org/newscodes/digitalsourcetype/"

static const char *const source_types[] = {
  [LIMN_XMP_MADE] = SOURCE_TYPES "trainedAlgorithmicMedia",
  [LIMN_XMP_COMPOSITE] = SOURCE_TYPES "compositeWithTrainedAlgorithmicMedia",
};

/* Char of XML 1.0, section 2.2. A carriage return would be read back as a line feed unless written as a reference. */
static void
append_char (GString *xml,
             gunichar c)
{
  if (c == '&')
    g_string_append (xml, "&amp;");
  else if (c == '<')
    g_string_append (xml, "&lt;");
  else if (c == '>')
    g_string_append (xml, "&gt;");
  else if (c == '"')
    g_string_append (xml, "&quot;");
  else if (c == '\r')
    g_string_append (xml, "&#13;");
  else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0xfffe || c == 0xffff)
    g_string_append_unichar (xml, 0xfffd);
  else
    g_string_append_unichar (xml, c);
}

static char *
escape (const char *text)
{
  GString *xml = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    append_char (xml, g_utf8_get_char (c));

  return g_string_free (xml, FALSE);
}

/* One element on a line of its own, if there is a value. */
static void
append_element (GString    *xml,
                const char *open,
                const char *value,
                const char *close)
{
  g_autofree char *text = value != NULL ? escape (value) : NULL;

  if (text != NULL)
    g_string_append_printf (xml, "   %s%s%s\n", open, text, close);
}

char *
limn_xmp_format (const LimnXmp *xmp)
{
  GString         *xml = g_string_new (NULL);
  g_autofree char *tool = g_strdup_printf ("%s %s", xmp->tool, xmp->version);

  g_string_append (xml, "<?xpacket begin=\"\357\273\277\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                        " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                        "  <rdf:Description rdf:about=\"\"\n"
                        "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
                        "    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
                        "    xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">\n");
  append_element (xml, "<Iptc4xmpExt:DigitalSourceType>", source_types[xmp->source], "</Iptc4xmpExt:DigitalSourceType>");
  append_element (xml, "<Iptc4xmpExt:AISystemUsed>", xmp->system, "</Iptc4xmpExt:AISystemUsed>");
  append_element (xml, "<Iptc4xmpExt:AISystemVersionUsed>", tool, "</Iptc4xmpExt:AISystemVersionUsed>");
  append_element (xml, "<Iptc4xmpExt:AIPromptInformation>", xmp->description, "</Iptc4xmpExt:AIPromptInformation>");
  append_element (xml, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", xmp->description, "</rdf:li></rdf:Alt></dc:description>");
  append_element (xml, "<dc:creator><rdf:Seq><rdf:li>", xmp->creator, "</rdf:li></rdf:Seq></dc:creator>");
  append_element (xml, "<xmp:CreatorTool>", tool, "</xmp:CreatorTool>");
  g_string_append (xml, "  </rdf:Description>\n"
                        " </rdf:RDF>\n"
                        "</x:xmpmeta>\n"
                        "<?xpacket end=\"r\"?>");
  return g_string_free (xml, FALSE);
}

char *
limn_xmp_add (const char *packet,
              const char *property,
              const char *space,
              const char *value)
{
  const char      *end = g_strrstr (packet, "</rdf:RDF>");
  g_autofree char *text = escape (value);
  g_autofree char *prefix = g_strndup (property, strcspn (property, ":"));

  if (end == NULL)
    return g_strdup (packet);

  return g_strdup_printf ("%.*s <rdf:Description rdf:about=\"\" xmlns:%s=\"%s\">\n   <%s>%s</%s>\n  </rdf:Description>\n %s", (int) (end - packet),
                          packet, prefix, space, property, text, property, end);
}

/* What looks for one property. */
typedef struct
{
  const char *property;
  int         depth; /* in its element; 0: outside */
  gboolean    found;
  GString    *value;
} Search;

static void
on_start (GMarkupParseContext *context,
          const char          *element,
          const char         **names,
          const char         **values,
          gpointer             data,
          GError             **error)
{
  Search *search = data;

  for (gsize i = 0; !search->found && search->depth == 0 && names[i] != NULL; i++)
    if (g_str_equal (names[i], search->property))
      {
        g_string_assign (search->value, values[i]);
        search->found = TRUE;
      }

  /* Before a list's members stands nothing but space. */
  if (search->depth > 0 && !search->found)
    g_string_truncate (search->value, 0);
  if (search->depth > 0 || (!search->found && g_str_equal (element, search->property)))
    search->depth++;
}

/* The value is complete at the end of the innermost element, which is a list's first member where there is a list. */
static void
on_end (GMarkupParseContext *context,
        const char          *element,
        gpointer             data,
        GError             **error)
{
  Search *search = data;

  if (search->depth == 0)
    return;
  search->found = search->found || search->depth == 1 || g_str_equal (element, "rdf:li");
  search->depth--;
}

static void
on_text (GMarkupParseContext *context,
         const char          *text,
         gsize                size,
         gpointer             data,
         GError             **error)
{
  Search     *search = data;
  const char *element = g_markup_parse_context_get_element (context);
  gboolean    list = !g_str_equal (element, search->property) && !g_str_equal (element, "rdf:li");

  if (search->depth > 0 && !search->found && !list)
    g_string_append_len (search->value, text, size);
}

char *
limn_xmp_find (const char *packet,
               const char *property)
{
  const GMarkupParser parser = { .start_element = on_start, .end_element = on_end, .text = on_text };
  Search              search = { .property = property, .value = g_string_new (NULL) };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &search, NULL);

  g_markup_parse_context_parse (context, packet, -1, NULL);
  return g_string_free (search.value, !search.found);
}
