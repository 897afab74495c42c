/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config.h"

#include "app/refuse.h"

#define NAME_MAX_BYTES  ((size_t)64)
#define SHOWN_MAX_BYTES ((size_t)80)

static const size_t offsets[SETTING_COUNT] = {
#define CONFIG(name, kind, initial, min, max, text)                            \
    offsetof(struct config, name),
#include "app/config.def"
};

static const size_t sizes[SETTING_COUNT] = {
#define CONFIG(name, kind, initial, min, max, text) sizeof(CONFIG_TYPE_##kind),
#include "app/config.def"
};

/* Flat, so that a CHOICES row fills what its CONFIG row leaves out. */
const struct setting config_settings[SETTING_COUNT] = {
#define CONFIG(row, type, start, low, high, words)                             \
    [SETTING_##row].name = SLICE_INIT(#row),                                   \
    [SETTING_##row].kind = KIND_##type,                                        \
    [SETTING_##row].initial = SLICE_INIT(start),                               \
    [SETTING_##row].min = SLICE_INIT(#low),                                    \
    [SETTING_##row].max = SLICE_INIT(#high),                                   \
    [SETTING_##row].text = SLICE_INIT(words),
#define CHOICES(row, words) [SETTING_##row].choices = SLICE_INIT(words),
#include "app/config.def"
};

_Static_assert(CONFIG_PAIRS_MAX > 3 * (size_t)SETTING_COUNT,
               "every setting fits, from every source");

const struct setting *config_setting_find(struct slice name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (slice_equal(config_settings[i].name, name)) {
            return &config_settings[i];
        }
    }
    return NULL;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, without case; both at most NAME_MAX_BYTES long. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[NAME_MAX_BYTES + 1];

    for (size_t j = 0; j <= b.len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t same =
                ascii_lower(a.ptr[i - 1]) == ascii_lower(b.ptr[j - 1]);
            size_t change = diagonal + 1 - same;

            diagonal = row[j];
            row[j] = smaller(change, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.len];
}

const struct setting *config_setting_nearest(struct slice name)
{
    const struct setting *nearest = NULL;
    /* Two slips, as in PROT for PORT; more in long names. */
    size_t best = 3 + name.len / 8;

    if (name.len > NAME_MAX_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        size_t found = distance(name, config_settings[i].name);

        if (found < best) {
            best = found;
            nearest = &config_settings[i];
        }
    }
    return nearest;
}

static enum status refuse_unknown(struct arena *arena,
                                  const struct config_pair *pair,
                                  struct slice *why)
{
    const struct setting *nearest = config_setting_nearest(pair->name);
    struct slice shown = slice_head(pair->name, NAME_MAX_BYTES);

    if (nearest != NULL) {
        return refuse(
            arena, why, "%.*s: unknown setting %.*s; did you mean %.*s?",
            SLICE_ARG(pair->where), SLICE_ARG(shown), SLICE_ARG(nearest->name));
    }
    return refuse(arena, why,
                  "%.*s: unknown setting %.*s; 'bookplate help config' lists "
                  "them all",
                  SLICE_ARG(pair->where), SLICE_ARG(shown));
}

static enum status refuse_value(struct arena *arena,
                                const struct config_pair *pair,
                                const struct setting *setting, struct slice bad,
                                struct slice *why)
{
    bool hidden = !setting_may_show(setting, pair->value);
    struct slice shown = slice_head(bad, SHOWN_MAX_BYTES);
    struct slice expected = SLICE_EMPTY;
    struct buf buf;

    buf_init(&buf, arena, 256);
    setting_expect(setting, &buf);
    *why = REFUSE_NO_MEMORY;
    TRY(buf_finish(&buf, &expected));
    if (hidden) {
        return refuse(arena, why,
                      "%.*s: %.*s: the value (not shown) is not %.*s",
                      SLICE_ARG(pair->where), SLICE_ARG(setting->name),
                      SLICE_ARG(expected));
    }
    return refuse(arena, why, "%.*s: %.*s: \"%.*s%s\" is not %.*s",
                  SLICE_ARG(pair->where), SLICE_ARG(setting->name),
                  SLICE_ARG(shown), shown.len < bad.len ? "..." : "",
                  SLICE_ARG(expected));
}

/* Arguments show in every list of processes. */
static enum status refuse_shown_secret(struct arena *arena,
                                       const struct config_pair *pair,
                                       struct slice *why)
{
    return refuse(arena, why,
                  "%.*s: %.*s is a secret, and others can see the command "
                  "line; use the environment or the file",
                  SLICE_ARG(pair->where), SLICE_ARG(pair->name));
}

static enum status apply(struct arena *arena, const struct config_pair *pair,
                         struct config *config, struct slice *why)
{
    const struct setting *setting = config_setting_find(pair->name);
    const struct config_pair *before;
    union setting_value value;
    struct slice bad;
    size_t id;

    if (setting == NULL) {
        return refuse_unknown(arena, pair, why);
    }
    if (setting->kind == KIND_SECRET && pair->source == SOURCE_COMMAND_LINE) {
        return refuse_shown_secret(arena, pair, why);
    }
    id = (size_t)(setting - config_settings);
    before = &config->origins[id];
    if (before->name.len > 0 && before->source == pair->source) {
        return refuse(arena, why, "%.*s: %.*s is set twice, first in %.*s",
                      SLICE_ARG(pair->where), SLICE_ARG(setting->name),
                      SLICE_ARG(before->where));
    }
    *why = REFUSE_NO_MEMORY;
    switch (setting_read(arena, setting, pair->value, &value, &bad)) {
    case STATUS_OK:
        break;
    case STATUS_NO_MEMORY:
        return STATUS_NO_MEMORY;
    default:
        return refuse_value(arena, pair, setting, bad, why);
    }
    /* Every member of the union begins where the union does. */
    memcpy((char *)config + offsets[id], &value, sizes[id]);
    config->origins[id] = *pair;
    return STATUS_OK;
}

enum status config_parse(struct arena *arena, const struct config_pairs *pairs,
                         struct config *out, struct slice *why)
{
    *out = (struct config){0};
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        struct config_pair pair = {config_settings[i].name,
                                   config_settings[i].initial, SLICE("default"),
                                   SOURCE_DEFAULT};

        TRY(apply(arena, &pair, out, why));
    }
    for (size_t i = 0; i < pairs->count; i++) {
        TRY(apply(arena, &pairs->items[i], out, why));
    }
    *why = SLICE_EMPTY;
    return STATUS_OK;
}

void config_describe(const struct config *config, struct buf *out)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct config_pair *origin = &config->origins[i];
        struct slice shown = origin->value;

        if (shown.len == 0) {
            shown = SLICE("empty");
        } else if (!setting_may_show(&config_settings[i], shown)) {
            shown = SLICE("(not shown)");
        }
        buf_format(out, "  %-31.*s %.*s  (%.*s)\n", SLICE_ARG(origin->name),
                   SLICE_ARG(shown), SLICE_ARG(origin->where));
    }
}
