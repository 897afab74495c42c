/* SPDX-License-Identifier: Apache-2.0 */
#include "limit/rules.h"

#include "codec/wildcard.h"

#define WINDOW_MAX_MS ((int64_t)86400000)
#define MAX_MAX       ((uint64_t)1000000)

struct limit_custom {
    struct slice path;
    struct wildcard wildcard; /* parts NULL: the path itself */
    struct limit_rule rule;
};

/* The original's own rules; the first that matches counts. */
static const struct {
    struct slice path;
    bool is_start; /* and all that begins so */
    struct limit_rule rule;
} special[] = {
    {SLICE_INIT("/sign-in"), true, {10000, 3}},
    {SLICE_INIT("/sign-up"), true, {10000, 3}},
    {SLICE_INIT("/change-password"), true, {10000, 3}},
    {SLICE_INIT("/change-email"), true, {10000, 3}},
    {SLICE_INIT("/request-password-reset"), false, {60000, 3}},
    {SLICE_INIT("/send-verification-email"), false, {60000, 3}},
    {SLICE_INIT("/forget-password"), true, {60000, 3}},
    {SLICE_INIT("/email-otp/send-verification-otp"), false, {60000, 3}},
    {SLICE_INIT("/email-otp/request-password-reset"), false, {60000, 3}},
};

#define SPECIAL_COUNT (sizeof(special) / sizeof(special[0]))

static const struct {
    struct slice name;
    int64_t ms;
} units[] = {
    {SLICE_INIT("ms"), 1},       {SLICE_INIT("s"), 1000},
    {SLICE_INIT("m"), 60000},    {SLICE_INIT("h"), 3600000},
    {SLICE_INIT("d"), 86400000},
};

static bool read_window(struct slice text, int64_t *out)
{
    size_t digits = 0;
    uint64_t number;

    while (digits < text.len && ascii_is_digit(text.ptr[digits])) {
        digits++;
    }
    if (!slice_to_u64(slice_head(text, digits), (uint64_t)WINDOW_MAX_MS,
                      &number)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (slice_equal(slice_from(text, digits), units[i].name)) {
            *out = (int64_t)number * units[i].ms;
            return *out > 0 && *out <= WINDOW_MAX_MS;
        }
    }
    return false;
}

/* NULL, or what is wrong with "10s/5". */
static const char *read_rule(struct slice text, struct limit_rule *out)
{
    size_t slash = slice_find(text, '/');
    uint64_t max;

    if (slice_equal(text, SLICE("off"))) {
        *out = (struct limit_rule){0, 0};
        return NULL;
    }
    if (slash == text.len) {
        return "has no limit such as 10s/5, or off";
    }
    if (!read_window(slice_head(text, slash), &out->window_ms)) {
        return "has a time that is not 1ms to 1d, such as 10s";
    }
    if (!slice_to_u64(slice_from(text, slash + 1), MAX_MAX, &max) || max == 0) {
        return "has a number of requests that is not 1 to 1000000";
    }
    out->max = (int64_t)max;
    return NULL;
}

/* The last "=", since a path may hold one. */
static size_t find_equals(struct slice text)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.ptr[i - 1] == '=') {
            return i - 1;
        }
    }
    return text.len;
}

static const char *read_custom(struct slice text, struct limit_custom *out)
{
    size_t equals = find_equals(text);

    if (equals == text.len) {
        return "is not of the form /path=10s/5";
    }
    out->path = slice_trim(slice_head(text, equals));
    if (!slice_starts_with(out->path, SLICE("/")) &&
        !slice_starts_with(out->path, SLICE("*"))) {
        return "has a path that does not begin with /";
    }
    if (out->path.len > WILDCARD_LENGTH_MAX) {
        return "has a path that is too long";
    }
    return read_rule(slice_trim(slice_from(text, equals + 1)), &out->rule);
}

/* Only "*" makes a pattern of it, as in the original. */
static enum status compile(struct arena *arena, struct limit_custom *custom)
{
    struct slice path = custom->path;

    custom->wildcard = (struct wildcard){NULL, 0};
    if (slice_find(path, '*') < path.len) {
        return wildcard_compile(arena, path, &custom->wildcard);
    }
    return slice_dup(arena, path, &custom->path);
}

static enum status read_all(struct arena *arena, struct slice text,
                            struct slice *problem, struct limit_rules *out)
{
    struct slice rest = slice_trim(text);
    struct limit_custom *custom;
    struct slice part;

    if (rest.len == 0) {
        return STATUS_OK;
    }
    custom = arena_alloc(arena, LIMIT_RULES_MAX * sizeof(*custom));
    TRY_ALLOC(custom);
    while (slice_split(&rest, ',', &part)) {
        const char *wrong = "is one rule too many";

        if (out->custom_count < LIMIT_RULES_MAX) {
            wrong = read_custom(slice_trim(part), &custom[out->custom_count]);
        }
        if (wrong != NULL) {
            TRY(arena_format(arena, problem, "\"%.*s\" %s",
                             SLICE_ARG(slice_head(slice_trim(part), 100)),
                             wrong));
            return STATUS_INVALID_VALUE;
        }
        TRY(compile(arena, &custom[out->custom_count]));
        out->custom_count++;
    }
    out->custom = custom;
    return STATUS_OK;
}

enum status limit_rules_make(struct arena *arena,
                             const struct limit_settings *settings,
                             struct slice *problem, struct limit_rules *out)
{
    *out = (struct limit_rules){{settings->window_ms, settings->max}, NULL, 0};
    return read_all(arena, settings->rules, problem, out);
}

static bool matches(const struct limit_custom *custom, struct slice path)
{
    return custom->wildcard.parts != NULL
               ? wildcard_match(&custom->wildcard, path)
               : slice_equal(custom->path, path);
}

static struct limit_rule find_special(const struct limit_rules *rules,
                                      struct slice path)
{
    for (size_t i = 0; i < SPECIAL_COUNT; i++) {
        if (special[i].is_start ? slice_starts_with(path, special[i].path)
                                : slice_equal(path, special[i].path)) {
            return special[i].rule;
        }
    }
    return rules->general;
}

struct limit_rule limit_rule_find(const struct limit_rules *rules,
                                  struct slice path)
{
    for (size_t i = 0; i < rules->custom_count; i++) {
        if (matches(&rules->custom[i], path)) {
            return rules->custom[i].rule;
        }
    }
    return find_special(rules, path);
}

int64_t limit_rules_longest_ms(const struct limit_rules *rules)
{
    int64_t longest = rules->general.window_ms;

    for (size_t i = 0; i < SPECIAL_COUNT; i++) {
        int64_t window = special[i].rule.window_ms;

        longest = window > longest ? window : longest;
    }
    for (size_t i = 0; i < rules->custom_count; i++) {
        int64_t window = rules->custom[i].rule.window_ms;

        longest = window > longest ? window : longest;
    }
    return longest;
}
