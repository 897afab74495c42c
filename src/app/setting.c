/* SPDX-License-Identifier: Apache-2.0 */
#include "app/setting.h"

#include "app/refuse.h"
#include "app/setting_net.h"

struct unit {
    struct slice suffix;
    int64_t factor;
};

static const struct unit duration_units[] = {
    {SLICE_INIT("ms"), 1},       {SLICE_INIT("s"), 1000},
    {SLICE_INIT("m"), 60000},    {SLICE_INIT("h"), 3600000},
    {SLICE_INIT("d"), 86400000}, {{NULL, 0}, 0}};

static const struct unit size_units[] = {{SLICE_INIT(""), 1},
                                         {SLICE_INIT("kB"), 1000},
                                         {SLICE_INIT("KiB"), 1024},
                                         {SLICE_INIT("MiB"), 1048576},
                                         {{NULL, 0}, 0}};

static const struct unit integer_units[] = {{SLICE_INIT(""), 1},
                                            {{NULL, 0}, 0}};

static bool read_with_unit(struct slice text, const struct unit *unit,
                           int64_t *out)
{
    size_t digits = 0;
    uint64_t number;

    while (digits < text.len && ascii_is_digit(text.ptr[digits])) {
        digits++;
    }
    while (unit->factor != 0 &&
           !slice_equal(unit->suffix, slice_from(text, digits))) {
        unit++;
    }
    if (unit->factor == 0 ||
        !slice_to_u64(slice_head(text, digits),
                      (uint64_t)(INT64_MAX / unit->factor), &number)) {
        return false;
    }
    *out = (int64_t)number * unit->factor;
    return true;
}

static const struct unit *units_of(enum setting_kind kind)
{
    switch (kind) {
    case KIND_DURATION:
        return duration_units;
    case KIND_SIZE:
        return size_units;
    default:
        return integer_units;
    }
}

enum status setting_bounds(const struct setting *setting, int64_t *min,
                           int64_t *max)
{
    const struct unit *units = units_of(setting->kind);

    return read_with_unit(setting->min, units, min) &&
                   read_with_unit(setting->max, units, max)
               ? STATUS_OK
               : STATUS_INTERNAL;
}

static bool is_within(const struct setting *setting, int64_t number)
{
    int64_t min;
    int64_t max;

    return setting_bounds(setting, &min, &max) == STATUS_OK && number >= min &&
           number <= max;
}

static bool read_boolean(struct slice text, bool *out)
{
    *out = slice_equal(text, SLICE("on")) || slice_equal(text, SLICE("true")) ||
           slice_equal(text, SLICE("1"));
    return *out || slice_equal(text, SLICE("off")) ||
           slice_equal(text, SLICE("false")) || slice_equal(text, SLICE("0"));
}

static bool read_choice(struct slice choices, struct slice text, int64_t *out)
{
    struct slice word;

    for (*out = 0; slice_split(&choices, ' ', &word); ++*out) {
        if (slice_equal(word, text)) {
            return true;
        }
    }
    return false;
}

bool setting_has_control(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (refuse_is_control(text.ptr[i])) {
            return true;
        }
    }
    return false;
}

static enum status valid_if(bool valid)
{
    return valid ? STATUS_OK : STATUS_INVALID_VALUE;
}

/* The shape of a text that is not empty, or of one entry of a list. */
static enum status check_shape(struct arena *arena, enum setting_kind kind,
                               struct slice text)
{
    switch (kind) {
    case KIND_ADDRESS:
        return valid_if(net_text_is_address(text));
    case KIND_URL:
        return net_text_check_url(arena, text);
    case KIND_URL_LIST:
        return net_text_check_origin(arena, text);
    case KIND_CIDR_LIST:
        return net_text_check_block(arena, text);
    default:
        return STATUS_OK;
    }
}

static enum status read_text(struct arena *arena, const struct setting *setting,
                             struct slice text, struct slice *out)
{
    /* No secret is better than a short one, and some settings can do without.
     */
    if (text.len > 0 || setting->kind != KIND_SECRET) {
        TRY(valid_if(is_within(setting, (int64_t)text.len)));
    }
    if (text.len > 0) {
        TRY(check_shape(arena, setting->kind, text));
    }
    return slice_dup(arena, text, out);
}

static size_t entries_in(struct slice text)
{
    struct slice part;
    size_t count = 0;

    if (slice_trim(text).len == 0) {
        return 0;
    }
    while (slice_split(&text, ',', &part)) {
        count++;
    }
    return count;
}

/* An origin has no path, but people paste one with the slash at its end. */
static struct slice entry_of(enum setting_kind kind, struct slice part)
{
    struct slice entry = slice_trim(part);

    if (kind == KIND_URL_LIST && slice_ends_with(entry, SLICE("/"))) {
        entry.len--;
    }
    return entry;
}

static enum status read_list(struct arena *arena, const struct setting *setting,
                             struct slice text, struct setting_list *out,
                             struct slice *bad)
{
    size_t count = entries_in(text);
    struct slice *entries;
    struct slice part;

    TRY(valid_if(is_within(setting, (int64_t)count)));
    entries = arena_alloc(arena, count * sizeof(*entries));
    TRY_ALLOC(entries);
    for (size_t i = 0; i < count && slice_split(&text, ',', &part); i++) {
        struct slice entry = entry_of(setting->kind, part);

        *bad = slice_trim(part);
        TRY(check_shape(arena, setting->kind, entry));
        TRY(slice_dup(arena, entry, &entries[i]));
    }
    *out = (struct setting_list){entries, count};
    return STATUS_OK;
}

enum status setting_read(struct arena *arena, const struct setting *setting,
                         struct slice text, union setting_value *out,
                         struct slice *bad)
{
    *bad = text;
    *out = (union setting_value){0};
    TRY(valid_if(!setting_has_control(text)));
    switch (setting->kind) {
    case KIND_INTEGER:
    case KIND_DURATION:
    case KIND_SIZE:
        return valid_if(
            read_with_unit(text, units_of(setting->kind), &out->number) &&
            is_within(setting, out->number));
    case KIND_BOOLEAN:
        return valid_if(read_boolean(text, &out->on));
    case KIND_CHOICE:
        return valid_if(read_choice(setting->choices, text, &out->number));
    case KIND_URL_LIST:
    case KIND_CIDR_LIST:
        return read_list(arena, setting, text, &out->list, bad);
    default:
        return read_text(arena, setting, text, &out->text);
    }
}

bool setting_may_show(const struct setting *setting, struct slice text)
{
    /* user:password@host, also where it is refused: it may be a real one. */
    bool is_url = setting->kind == KIND_URL || setting->kind == KIND_URL_LIST ||
                  slice_contains(text, SLICE("://"));

    return setting->kind != KIND_SECRET &&
           (!is_url || slice_find(text, '@') == text.len);
}

static void expect_words(struct slice words, struct buf *out)
{
    const char *between = "";
    struct slice word;

    buf_add(out, SLICE("one of "));
    while (slice_split(&words, ' ', &word)) {
        buf_format(out, "%s%.*s", between, SLICE_ARG(word));
        between = ", ";
    }
}

/* What is said before the bounds, by kind; NULL: it has none to say. */
static const char *phrase_of(enum setting_kind kind)
{
    switch (kind) {
    case KIND_TEXT:
    case KIND_SECRET:
        return "a text with a length from";
    case KIND_PATH:
        return "a path with a length from";
    case KIND_INTEGER:
        return "a whole number from";
    case KIND_DURATION:
        return "a time with its unit (ms, s, m, h, d) from";
    case KIND_SIZE:
        return "a size in bytes, kB, KiB or MiB from";
    default:
        return NULL;
    }
}

void setting_expect(const struct setting *setting, struct buf *out)
{
    const char *phrase = phrase_of(setting->kind);

    if (phrase != NULL) {
        buf_format(out, "%s %.*s to %.*s", phrase, SLICE_ARG(setting->min),
                   SLICE_ARG(setting->max));
        return;
    }
    switch (setting->kind) {
    case KIND_ADDRESS:
        buf_add(out, SLICE("an IPv4 or IPv6 address or a host name"));
        return;
    case KIND_BOOLEAN:
        buf_add(out, SLICE("one of on, off, true, false, 1, 0"));
        return;
    case KIND_CHOICE:
        expect_words(setting->choices, out);
        return;
    case KIND_URL:
        buf_add(out, SLICE("an http or https URL without user, query or #"));
        return;
    case KIND_URL_LIST:
        buf_format(out,
                   "a comma list of at most %.*s origins, such as "
                   "https://book.example.org",
                   SLICE_ARG(setting->max));
        return;
    default:
        buf_format(out,
                   "a comma list of at most %.*s addresses or blocks, such as "
                   "10.0.0.0/8 (host bits zero)",
                   SLICE_ARG(setting->max));
    }
}
