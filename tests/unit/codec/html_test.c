/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_check.h"

#include "codec/html.h"

static void escapes_what_could_end_text_or_attribute(void **state)
{
    (void)state;
    html_escape(&buf, SLICE("<a href=\"x\" title='y'>R&D</a>"));
    check_text(written(), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;"
                          "R&amp;D&lt;/a&gt;");
}

static void leaves_other_text_alone(void **state)
{
    (void)state;
    html_escape(&buf, SLICE("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\n\t/"));
    check_text(written(), "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\n\t/");
    html_escape(&buf, SLICE_EMPTY);
    check_text(written(), "");
}

/* A lead byte must not swallow the quote behind it. */
static void replaces_what_is_not_utf8(void **state)
{
    (void)state;
    html_escape(&buf, SLICE("a\xe2\"b\0c\xff"));
    check_text(written(), "a\xef\xbf\xbd&quot;b\xef\xbf\xbd"
                          "c\xef\xbf\xbd");
}

RUN_TESTS(TEST(escapes_what_could_end_text_or_attribute),
          TEST(leaves_other_text_alone), TEST(replaces_what_is_not_utf8))
