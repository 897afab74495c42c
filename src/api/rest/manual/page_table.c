/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes as tables: a row for each field, however deep. */
#include "api/rest/manual/page.h"
#include "codec/html.h"
#include "reader/questionnaire.h"

#include <stdio.h>

/* "progress[].place", and what is longer is cut. */
#define PATH_MAX_BYTES ((size_t)192)
/* Deeper than any shape. */
#define DEPTH_MAX 8

void page_write_path(struct buf *page, struct slice path)
{
    size_t from = 0;

    for (size_t i = 0; i < path.len; i++) {
        if (i > 0 && (path.ptr[i] == '/' || path.ptr[i] == '.')) {
            html_escape(page, slice_make(path.ptr + from, i + 1 - from));
            buf_add(page, SLICE("<wbr>"));
            from = i + 1;
        }
    }
    html_escape(page, slice_from(path, from));
}

static void write_words(struct buf *page, const struct slice *words,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add(page, i > 0 ? SLICE(", <code>") : SLICE("one of <code>"));
        html_escape(page, words[i]);
        buf_add(page, SLICE("</code>"));
    }
}

static void write_length(struct buf *page, int64_t min, int64_t max)
{
    if (min > 0 && max > 0) {
        buf_format(page, ", %lld to %lld characters", (long long)min,
                   (long long)max);
    } else if (max > 0) {
        buf_format(page, ", at most %lld characters", (long long)max);
    } else if (min > 0) {
        buf_format(page, ", at least %lld characters", (long long)min);
    }
}

static void write_text_type(struct buf *page, const struct shape *shape,
                            struct shape_use use)
{
    static const struct slice formats[] = {
        [FORMAT_NONE] = SLICE_INIT("text"),
        [FORMAT_EMAIL] = SLICE_INIT("e-mail address"),
        [FORMAT_PASSWORD] = SLICE_INIT("password"),
        [FORMAT_TIME] = SLICE_INIT("time, as 2026-01-02T03:04:05Z"),
        [FORMAT_TOKEN] = SLICE_INIT("token"),
    };
    bool choosing = shape->format == FORMAT_PASSWORD && use.choosing;

    if (shape->words != NULL) {
        write_words(page, shape->words, shape->word_count);
        return;
    }
    buf_add(page, formats[shape->format]);
    if (!use.answered) {
        write_length(page,
                     choosing ? (int64_t)use.facts->min_password : shape->min,
                     choosing ? (int64_t)use.facts->max_password : shape->max);
    }
}

static void write_integer_type(struct buf *page, const struct shape *shape)
{
    buf_format(page, "whole number, from %lld", (long long)shape->min);
    if (shape->max > 0) {
        buf_format(page, " to %lld", (long long)shape->max);
    }
}

static void write_type(struct buf *page, const struct shape *shape,
                       struct shape_use use);

/* Of objects the rows below say what they hold. */
static void write_array_type(struct buf *page, const struct shape *shape,
                             struct shape_use use)
{
    buf_add(page, SLICE("list"));
    if (shape->max > 0) {
        buf_format(page, " of at most %lld", (long long)shape->max);
    }
    if (shape->of->kind != SHAPE_OBJECT) {
        buf_add(page, SLICE(", each "));
        write_type(page, shape->of, use);
    }
}

static void write_type(struct buf *page, const struct shape *shape,
                       struct shape_use use)
{
    switch (shape->kind) {
    case SHAPE_TEXT:
        write_text_type(page, shape, use);
        break;
    case SHAPE_INTEGER:
        write_integer_type(page, shape);
        break;
    case SHAPE_NUMBER:
        buf_add(page, SLICE("number"));
        break;
    case SHAPE_FLAG:
        buf_add(page, SLICE("<code>true</code> or <code>false</code>"));
        break;
    case SHAPE_OBJECT:
        buf_add(page, SLICE("object"));
        break;
    case SHAPE_ARRAY:
        write_array_type(page, shape, use);
        break;
    case SHAPE_ANSWERS:
        buf_add(page, SLICE("<a href=\"#answers\">answers</a>"));
        break;
    case SHAPE_ANY:
    default:
        buf_add(page, SLICE("any JSON"));
        break;
    }
    buf_add(page,
            shape->nullable ? SLICE(", or <code>null</code>") : SLICE_EMPTY);
}

void page_open_table(struct buf *page, struct slice caption, struct slice first,
                     struct slice second, struct slice third)
{
    const struct slice heads[] = {first, second, third};

    buf_add(page, SLICE("<table>\n<caption>"));
    html_escape(page, caption);
    buf_add(page, SLICE("</caption>\n<thead><tr>"));
    for (size_t i = 0; i < 3; i++) {
        buf_add(page, SLICE("<th scope=\"col\">"));
        html_escape(page, heads[i]);
        buf_add(page, SLICE("</th>"));
    }
    buf_add(page, SLICE("</tr></thead>\n<tbody>\n"));
}

void page_close_table(struct buf *page)
{
    buf_add(page, SLICE("</tbody>\n</table>\n"));
}

struct row {
    struct slice path;
    const struct shape *shape;
    struct slice text;
    bool required;
};

static void write_row(struct buf *page, const struct row *row,
                      struct shape_use use)
{
    buf_add(page, SLICE("<tr><th scope=\"row\"><code>"));
    page_write_path(page, row->path);
    buf_add(page, SLICE("</code>"));
    if (row->required && !use.answered) {
        buf_add(page, SLICE(" <em>required</em>"));
    } else if (!row->required && use.answered) {
        buf_add(page, SLICE(" <em>maybe</em>"));
    }
    buf_add(page, SLICE("</th><td>"));
    write_type(page, row->shape, use);
    buf_add(page, SLICE("</td><td>"));
    html_escape(page, row->text);
    buf_add(page, SLICE("</td></tr>\n"));
}

static struct slice path_below(char *text, struct slice path, struct slice name)
{
    int len = snprintf(text, PATH_MAX_BYTES, "%.*s%s%.*s", SLICE_ARG(path),
                       path.len > 0 ? "." : "", SLICE_ARG(name));

    return slice_head(slice_make(text, (size_t)len), PATH_MAX_BYTES - 1);
}

static struct slice path_of_items(char *text, struct slice path)
{
    int len = snprintf(text, PATH_MAX_BYTES, "%.*s[]", SLICE_ARG(path));

    return slice_head(slice_make(text, (size_t)len), PATH_MAX_BYTES - 1);
}

static void write_rows(struct buf *page, const struct shape *shape,
                       struct slice path, struct shape_use use, int depth)
{
    char text[PATH_MAX_BYTES];

    if (depth == DEPTH_MAX) {
        return;
    }
    if (shape->kind == SHAPE_ARRAY) {
        write_rows(page, shape->of, path_of_items(text, path), use, depth + 1);
        return;
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const struct row row = {path_below(text, path, field->name),
                                field->shape, field->text, field->required};

        write_row(page, &row, use);
        write_rows(page, field->shape, row.path, use, depth + 1);
    }
}

void page_write_shape(struct buf *page, struct slice caption,
                      const struct shape *shape, struct shape_use use)
{
    if (shape->kind == SHAPE_ANSWERS || shape->kind == SHAPE_ANY) {
        buf_add(page, SLICE("<p>"));
        html_escape(page, caption);
        buf_add(page, SLICE(": "));
        write_type(page, shape, use);
        buf_add(page, SLICE(".</p>\n"));
        return;
    }
    page_open_table(page, caption, SLICE("Field"), SLICE("What it is"),
                    SLICE("What for"));
    write_rows(page, shape, SLICE_EMPTY, use, 0);
    page_close_table(page);
}

void page_write_parameters(struct buf *page,
                           const struct rest_endpoint *endpoint,
                           struct shape_use use)
{
    size_t count = manual_parameter_count(endpoint);

    if (count == 0) {
        return;
    }
    page_open_table(page, SLICE("In the address"), SLICE("Parameter"),
                    SLICE("What it is"), SLICE("What for"));
    for (size_t i = 0; i < count; i++) {
        const struct rest_parameter *parameter = &endpoint->parameters[i];
        const struct row row = {parameter->name, parameter->shape,
                                parameter->text,
                                parameter->in_path || parameter->required};

        write_row(page, &row, use);
    }
    page_close_table(page);
}

static void write_choices(struct buf *page, const struct question *question)
{
    for (size_t i = 0; i < question->choice_count; i++) {
        buf_add(page, i > 0 ? SLICE(", <code>") : SLICE("<code>"));
        html_escape(page, question->choices[i].id);
        buf_add(page, SLICE("</code>"));
    }
}

static void write_range(struct buf *page, const struct question *question)
{
    buf_add(page, SLICE(", from "));
    json_number_print(page, question->min);
    buf_add(page, SLICE(" to "));
    json_number_print(page, question->max);
}

static void write_question(struct buf *page, const struct question *question)
{
    static const struct slice kinds[] = {
        [QUESTION_SINGLE] = SLICE_INIT("one choice"),
        [QUESTION_MULTI] = SLICE_INIT("a list of choices"),
        [QUESTION_SCALE] = SLICE_INIT("whole number"),
        [QUESTION_TEXT] = SLICE_INIT("text"),
        [QUESTION_NUMBER] = SLICE_INIT("number"),
    };

    buf_add(page, SLICE("<tr><th scope=\"row\"><code>"));
    html_escape(page, question->id);
    buf_add(page, question->required ? SLICE("</code> <em>required</em>")
                                     : SLICE("</code>"));
    buf_add(page, SLICE("</th><td>"));
    buf_add(page, kinds[question->kind]);
    if (question->kind == QUESTION_SCALE || question->kind == QUESTION_NUMBER) {
        write_range(page, question);
    }
    if (question->kind == QUESTION_TEXT) {
        write_length(page, (int64_t)question->min, (int64_t)question->max);
    }
    if (question->kind == QUESTION_MULTI) {
        buf_format(page, ", at most %zu", question->most);
    }
    buf_add(page, SLICE("</td><td>"));
    write_choices(page, question);
    buf_add(page, SLICE("</td></tr>\n"));
}

void page_write_questions(struct buf *page,
                          const struct questionnaire *questionnaire)
{
    page_open_table(page, SLICE("The questions of this book"),
                    SLICE("Question"), SLICE("Its answer"), SLICE("Choices"));
    for (size_t i = 0; i < questionnaire->count; i++) {
        write_question(page, &questionnaire->questions[i]);
    }
    page_close_table(page);
}
