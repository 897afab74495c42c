/* SPDX-License-Identifier: Apache-2.0 */
/* The tables command.def and flag.def, and the words a usage is made of. */
#include "app/cli.h"

const struct cli_row cli_rows[CLI_COMMAND_COUNT] = {
#define COMMAND(name, words, needs, usage, text)                               \
    {SLICE_INIT(words), CLI_NEEDS_##needs, SLICE_INIT(usage), SLICE_INIT(text)},
#include "app/command.def"
#undef COMMAND
};

const struct setting cli_flags[CLI_FLAG_COUNT] = {
#define FLAG(name, flag, kind, min, max, text)                                 \
    {SLICE_INIT(flag), KIND_##kind,      SLICE_INIT(""), SLICE_INIT(min),      \
     SLICE_INIT(max),  SLICE_INIT(text), {NULL, 0}},
#include "app/flag.def"
#undef FLAG
};

bool cli_part_next(struct slice *usage, struct cli_part *out)
{
    struct slice rest = slice_trim(*usage);
    struct slice part;

    *out = (struct cli_part){.optional = slice_starts_with(rest, SLICE("["))};
    if (rest.len == 0) {
        return false;
    }
    rest = slice_from(rest, out->optional ? 1 : 0);
    part = slice_head(rest, slice_find(rest, out->optional ? ']' : ' '));
    *usage = slice_from(rest, part.len + 1);
    if (!slice_starts_with(part, SLICE("--"))) {
        out->argument = part;
        return true;
    }
    out->flag = slice_head(part, slice_find(part, ' '));
    out->value = slice_from(part, out->flag.len + 1);
    return true;
}

bool cli_is_command(struct slice words, enum cli_command *out)
{
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        if (slice_equal(words, cli_rows[i].words)) {
            *out = (enum cli_command)i;
            return true;
        }
    }
    return false;
}

bool cli_is_group(struct slice word)
{
    for (size_t i = 0; i < CLI_COMMAND_COUNT; i++) {
        struct slice words = cli_rows[i].words;
        size_t space = slice_find(words, ' ');

        if (space < words.len && slice_equal(slice_head(words, space), word) &&
            !slice_equal(word, SLICE("help"))) {
            return true;
        }
    }
    return false;
}
