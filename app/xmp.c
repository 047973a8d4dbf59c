/* XMP packets: says in a picture, as the press agreed on it, that and how it was made by a machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/xmp.h"

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

char *
limn_xmp_format (LimnXmpSource source,
                 const char   *description,
                 const char   *system,
                 const char   *tool,
                 const char   *version)
{
  g_autofree char *prompt = escape (description);
  g_autofree char *model = escape (system);

  return g_strdup_printf (
      "<?xpacket begin=\"\357\273\277\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "  <rdf:Description rdf:about=\"\"\n"
      "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
      "    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
      "    xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">\n"
      "   <Iptc4xmpExt:DigitalSourceType>%s</Iptc4xmpExt:DigitalSourceType>\n"
      "   <Iptc4xmpExt:AISystemUsed>%s</Iptc4xmpExt:AISystemUsed>\n"
      "   <Iptc4xmpExt:AISystemVersionUsed>%s %s</Iptc4xmpExt:AISystemVersionUsed>\n"
      "   <Iptc4xmpExt:AIPromptInformation>%s</Iptc4xmpExt:AIPromptInformation>\n"
      "   <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>\n"
      "   <xmp:CreatorTool>%s %s</xmp:CreatorTool>\n"
      "  </rdf:Description>\n"
      " </rdf:RDF>\n"
      "</x:xmpmeta>\n"
      "<?xpacket end=\"r\"?>",
      source_types[source],
      model,
      tool,
      version,
      prompt,
      prompt,
      tool,
      version);
}
