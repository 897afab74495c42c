/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the questionnaire share: files of an author. */
#ifndef TESTS_UNIT_READER_QUESTIONNAIRE_LAB_H
#define TESTS_UNIT_READER_QUESTIONNAIRE_LAB_H

#include "check.h"

#include "crypto/init.h"
#include "reader/questionnaire.h"

#include <unistd.h>

struct lab {
    struct arena arena;
    char file[64]; /* of the author's, in a temporary folder */
    struct slice why;
    struct questionnaire questionnaire;
};

static inline void lab_open(struct lab *lab)
{
    int fd;

    check_ok(crypto_init());
    arena_init(&lab->arena, (size_t)64 << 20);
    (void)snprintf(lab->file, sizeof(lab->file), "/tmp/questionnaire-XXXXXX");
    fd = mkstemp(lab->file);
    assert_true(fd >= 0);
    (void)close(fd);
}

static inline void lab_close(struct lab *lab)
{
    (void)unlink(lab->file);
    arena_release(&lab->arena);
}

static inline void lab_write(struct lab *lab, struct slice text)
{
    FILE *file = fopen(lab->file, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

/* The file's new text, read. */
static inline enum status lab_load(struct lab *lab, struct slice text)
{
    lab_write(lab, text);
    return questionnaire_load(slice_from_cstr(lab->file), &lab->arena,
                              &lab->why, &lab->questionnaire);
}

static inline void lab_use(struct lab *lab, const char *text)
{
    enum status status = lab_load(lab, slice_from_cstr(text));

    if (status != STATUS_OK) {
        fail_msg("%.*s", SLICE_ARG(lab->why));
    }
}

/* A questionnaire of one step, with these questions in it. */
static inline void lab_ask(struct lab *lab, const char *questions)
{
    struct slice text;

    check_ok(arena_format(&lab->arena, &text,
                          "{\"id\":\"q\",\"steps\":[{\"id\":\"s\","
                          "\"title\":\"S\",\"questions\":[%s]}]}",
                          questions));
    lab_use(lab, text.ptr);
}

static inline const struct json *lab_json(struct lab *lab, struct slice text)
{
    const struct json_limits limits = {(size_t)1 << 20, 65536, false};
    const struct json *json = NULL;

    check_ok(json_parse(&lab->arena, text, limits, &json));
    return json;
}

#endif
