/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/template_parts.h"

/*
 * One narrow column, system fonts, colours that hold in light and dark; no
 * pictures, no style sheet and nothing to fetch, which mail programs would
 * refuse and readers would be followed by.
 */
#define HTML_FONT                                                              \
    "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
#define HTML_BEGIN(subject)                                                    \
    "<!doctype html>\n<html lang=\"en\">\n<head>\n"                            \
    "<meta charset=\"utf-8\">\n"                                               \
    "<meta name=\"viewport\" content=\"width=device-width\">\n"                \
    "<meta name=\"color-scheme\" content=\"light dark\">\n"                    \
    "<title>" subject "</title>\n</head>\n"                                    \
    "<body style=\"margin:0;padding:32px 16px;" HTML_FONT ";font-size:16px;"   \
    "line-height:1.5\">\n"                                                     \
    "<div style=\"max-width:480px;margin:0 auto\">\n"                          \
    "<p style=\"margin:0 0 24px;font-size:14px;color:#767676\">{{site}}</p>\n" \
    "<h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3\">" subject    \
    "</h1>\n"
#define HTML_LEAD(lead) "<p style=\"margin:0 0 24px\">Hello, " lead "</p>\n"
#define HTML_LINK(button)                                                      \
    "<p style=\"margin:0 0 24px\"><a href=\"{{url}}\" style=\""                \
    "display:inline-block;padding:12px 20px;border-radius:6px;"                \
    "background:#1f6feb;color:#ffffff;text-decoration:none;"                   \
    "font-weight:600\">" button "</a></p>\n"
#define HTML_END(note)                                                         \
    "<p style=\"margin:0;font-size:14px;color:#767676\">" note "</p>\n"        \
    "</div>\n</body>\n</html>\n"
#define HTML_ADDRESS                                                           \
    "<p style=\"margin:0 0 24px;font-size:14px;color:#767676;"                 \
    "word-break:break-all\">Or open {{url}}</p>\n"

#define TEXT(lead, link, note)                                                 \
    "Hello,\n\n" lead "\n" link "\n" note "\n\n-- \n{{site}}\n"

/* The link is there exactly when the button has a word on it; both forms are
 * written, because the preprocessor cannot tell. */
#define WITH_LINK(subject, lead, button, note)                                 \
    {                                                                          \
        SLICE_INIT(subject),                                                   \
            SLICE_INIT(TEXT(lead, "\n" button ":\n{{url}}\n", note)),          \
            SLICE_INIT(HTML_BEGIN(subject) HTML_LEAD(lead) HTML_LINK(button)   \
                           HTML_ADDRESS HTML_END(note))                        \
    }
#define WITHOUT_LINK(subject, lead, note)                                      \
    {                                                                          \
        SLICE_INIT(subject), SLICE_INIT(TEXT(lead, "", note)),                 \
            SLICE_INIT(HTML_BEGIN(subject) HTML_LEAD(lead) HTML_END(note))     \
    }

static const struct mail_template with_link[] = {
#define MAIL(name, file, fields, subject, lead, button, note)                  \
    WITH_LINK(subject, lead, button, note),
#include "mail/template.def"
};

static const struct mail_template without_link[] = {
#define MAIL(name, file, fields, subject, lead, button, note)                  \
    WITHOUT_LINK(subject, lead, note),
#include "mail/template.def"
};

static const struct {
    struct slice name;
    int fields;
} rows[] = {
#define MAIL(name, file, fields, subject, lead, button, note)                  \
    {SLICE_INIT(file), fields},
#include "mail/template.def"
};

struct mail_built_in mail_built_in_of(enum mail_kind kind)
{
    bool linked = (rows[kind].fields & MAIL_HAS_LINK) != 0;

    return (struct mail_built_in){rows[kind].name, rows[kind].fields,
                                  linked ? with_link[kind]
                                         : without_link[kind]};
}
