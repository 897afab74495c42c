/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/template.h"

#include "base/buf.h"
#include "codec/html.h"
#include "mail/message_encode.h"
#include "mail/template_parts.h"

/* A template and its values: a URL several times, and a name. */
#define RENDERED_MAX ((size_t)4 * MAIL_TEMPLATE_MAX)
#define VALUE_MAX    ((size_t)2048)
#define NAME_MAX     ((size_t)100)

static const struct {
    struct slice name;
    int fields;    /* of the mail it is for; 0: all */
    size_t offset; /* in struct mail_values */
    size_t max;    /* bytes of the value */
} placeholders[] = {
    {SLICE_INIT("site"), 0, offsetof(struct mail_values, site), 255},
    {SLICE_INIT("email"), 0, offsetof(struct mail_values, email), 255},
    {SLICE_INIT("name"), 0, offsetof(struct mail_values, name), NAME_MAX},
    {SLICE_INIT("url"), MAIL_HAS_LINK, offsetof(struct mail_values, url),
     VALUE_MAX},
    {SLICE_INIT("expires"), MAIL_HAS_LINK,
     offsetof(struct mail_values, expires), 100},
    {SLICE_INIT("new_email"), MAIL_HAS_NEW_EMAIL,
     offsetof(struct mail_values, new_email), 255},
};

#define PLACEHOLDER_COUNT (sizeof(placeholders) / sizeof(placeholders[0]))

struct slice mail_kind_name(enum mail_kind kind)
{
    return mail_built_in_of(kind).name;
}

static size_t find_braces(struct slice text, char brace)
{
    size_t at = 0;

    while (at + 1 < text.len &&
           !(text.ptr[at] == brace && text.ptr[at + 1] == brace)) {
        at++;
    }
    return at + 1 < text.len ? at : text.len;
}

enum mail_part mail_template_next(struct slice *rest, struct slice *part)
{
    size_t open = find_braces(*rest, '{');
    struct slice inside = slice_from(*rest, open + 2);
    size_t close;

    if (open > 0) {
        *part = slice_head(*rest, open);
        *rest = slice_from(*rest, open);
        return MAIL_PART_TEXT;
    }
    close = find_braces(inside, '}');
    *part = slice_trim(slice_head(inside, close));
    if (close == inside.len || slice_find(*part, '\n') < part->len) {
        return MAIL_PART_BROKEN;
    }
    *rest = slice_from(inside, close + 2);
    return MAIL_PART_PLACEHOLDER;
}

static size_t placeholder_find(struct slice name)
{
    size_t i = 0;

    while (i < PLACEHOLDER_COUNT && !slice_equal(placeholders[i].name, name)) {
        i++;
    }
    return i;
}

const char *mail_template_check(struct slice text, int fields, size_t *at)
{
    struct slice rest = text;
    struct slice part;

    while (rest.len > 0) {
        enum mail_part kind;
        size_t which;

        *at = text.len - rest.len;
        kind = mail_template_next(&rest, &part);
        if (kind == MAIL_PART_BROKEN) {
            return "{{ without }} on the same line";
        }
        which = placeholder_find(part);
        if (kind == MAIL_PART_TEXT) {
            continue;
        }
        if (which == PLACEHOLDER_COUNT) {
            return "a placeholder that no mail has";
        }
        if ((placeholders[which].fields & ~fields) != 0) {
            return "a placeholder that this mail does not have";
        }
    }
    return NULL;
}

bool mail_template_has(struct slice text, struct slice placeholder)
{
    struct slice part;

    while (text.len > 0) {
        enum mail_part kind = mail_template_next(&text, &part);

        if (kind == MAIL_PART_BROKEN) {
            return false;
        }
        if (kind == MAIL_PART_PLACEHOLDER && slice_equal(part, placeholder)) {
            return true;
        }
    }
    return false;
}

static enum status add_value(struct buf *buf, struct slice name,
                             const struct mail_values *values, bool html)
{
    size_t which = placeholder_find(name);
    struct slice value;

    if (which == PLACEHOLDER_COUNT) {
        return STATUS_INTERNAL;
    }
    memcpy(&value, (const char *)values + placeholders[which].offset,
           sizeof(value));
    /* Cutting an address or a link would make another one of it. */
    if (value.len > placeholders[which].max &&
        placeholders[which].max != NAME_MAX) {
        return STATUS_TOO_LARGE;
    }
    TRY(mail_text_clean(buf->arena, value, placeholders[which].max, &value));
    if (html) {
        html_escape(buf, value);
    } else {
        buf_add(buf, value);
    }
    return STATUS_OK;
}

static enum status render(struct arena *arena, struct slice source,
                          const struct mail_values *values, bool html,
                          struct slice *out)
{
    struct slice part;
    struct buf buf;

    buf_init(&buf, arena, RENDERED_MAX);
    while (source.len > 0) {
        switch (mail_template_next(&source, &part)) {
        case MAIL_PART_TEXT:
            buf_add(&buf, part);
            break;
        case MAIL_PART_PLACEHOLDER:
            TRY(add_value(&buf, part, values, html));
            break;
        case MAIL_PART_BROKEN:
            return STATUS_INTERNAL;
        }
    }
    return buf_finish(&buf, out);
}

enum status mail_template_render(struct arena *arena,
                                 const struct mail_template *source,
                                 const struct mail_values *values,
                                 struct mail_template *out)
{
    TRY(render(arena, source->subject, values, false, &out->subject));
    TRY(render(arena, source->text, values, false, &out->text));
    return render(arena, source->html, values, true, &out->html);
}

enum status mail_expires_text(struct arena *arena, int64_t ms,
                              struct slice *out)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{86400000, "day"},
                 {3600000, "hour"},
                 {60000, "minute"},
                 {1000, "second"}};
    size_t i = 0;
    int64_t count;

    while (i < 3 && (ms < units[i].ms || ms % units[i].ms != 0)) {
        i++;
    }
    count = ms / units[i].ms;
    return arena_format(arena, out, "%lld %s%s", (long long)count,
                        units[i].name, count == 1 ? "" : "s");
}
