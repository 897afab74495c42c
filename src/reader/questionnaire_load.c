/* SPDX-License-Identifier: Apache-2.0 */
#include "reader/questionnaire_parts.h"

#include <fcntl.h>
#include <unistd.h>

/* Tree, pages while they grow: all of it goes when the reading is over. */
#define SCRATCH_MAX (4 * QUESTIONNAIRE_MEMORY_MAX)

static void close_file(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static enum status refuse(const struct reading *reading, const char *reason)
{
    TRY(arena_format(reading->arena, reading->why, "%.*s: %s",
                     SLICE_ARG(reading->file), reason));
    return STATUS_INVALID_VALUE;
}

static enum status refuse_name(const struct reading *reading)
{
    TRY(arena_format(reading->arena, reading->why,
                     "the questionnaire \"%.*s\" is no file that can be read, "
                     "and none of default, seed-levels, seed-contexts",
                     SLICE_ARG(reading->file)));
    return STATUS_INVALID_VALUE;
}

/* Non-blocking, so that the start does not hang on a pipe without a writer. */
static enum status read_file(struct reading *reading)
{
    char *bytes =
        arena_alloc_text(reading->scratch, QUESTIONNAIRE_FILE_MAX + 1);
    CLEANUP(close_file) int fd = -1;
    struct slice path;
    size_t len = 0;
    ssize_t got;

    TRY_ALLOC(bytes);
    TRY(slice_dup(reading->scratch, reading->file, &path));
    fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return refuse_name(reading);
    }
    do {
        got = read(fd, bytes + len, QUESTIONNAIRE_FILE_MAX + 1 - len);
        len += got > 0 ? (size_t)got : 0;
    } while (got > 0 && len <= QUESTIONNAIRE_FILE_MAX);
    if (got < 0) {
        return refuse_name(reading);
    }
    if (len > QUESTIONNAIRE_FILE_MAX) {
        return refuse(reading, "the file is longer than 128 KiB");
    }
    reading->text = slice_make(bytes, len);
    return STATUS_OK;
}

/* A preset's text, or the file's, without the mark some editors put first. */
static enum status find_text(struct reading *reading)
{
    const struct slice mark = SLICE_INIT("\xef\xbb\xbf");

    if (reading->file.len == 0) {
        reading->file = questionnaire_presets[0].name;
    }
    for (size_t i = 0; i < questionnaire_preset_count; i++) {
        if (slice_equal(reading->file, questionnaire_presets[i].name)) {
            reading->text = questionnaire_presets[i].text;
            return STATUS_OK;
        }
    }
    TRY(read_file(reading));
    if (slice_starts_with(reading->text, mark)) {
        reading->text = slice_from(reading->text, mark.len);
    }
    return STATUS_OK;
}

static enum status read_text(struct reading *reading, struct questionnaire *out)
{
    const struct json *tree = NULL;

    TRY(questionnaire_read(reading, &tree, out));
    return questionnaire_print(reading, tree, out);
}

static enum status find_and_read(struct reading *reading,
                                 struct questionnaire *out)
{
    TRY(find_text(reading));
    return read_text(reading, out);
}

static enum status load(struct reading *reading, struct questionnaire *out,
                        enum status (*how)(struct reading *reading,
                                           struct questionnaire *out))
{
    struct arena scratch;
    enum status status;

    *out = (struct questionnaire){0};
    arena_init(&scratch, SCRATCH_MAX);
    reading->scratch = &scratch;
    status = how(reading, out);
    reading->scratch = NULL;
    arena_release(&scratch);
    if (status != STATUS_OK && status != STATUS_INVALID_VALUE) {
        *reading->why = SLICE("the questionnaire: out of memory");
    }
    return status;
}

enum status questionnaire_load(struct slice name, struct arena *arena,
                               struct slice *why, struct questionnaire *out)
{
    struct reading reading = {.file = name, .arena = arena, .why = why};

    return load(&reading, out, find_and_read);
}

enum status questionnaire_load_text(struct slice name, struct slice text,
                                    struct arena *arena, struct slice *why,
                                    struct questionnaire *out)
{
    struct reading reading = {
        .file = name, .text = text, .arena = arena, .why = why};

    return load(&reading, out, read_text);
}
