/* SPDX-License-Identifier: Apache-2.0 */
/* What the files template*.c share. Nobody else includes this. */
#ifndef MAIL_TEMPLATE_PARTS_H
#define MAIL_TEMPLATE_PARTS_H

#include "mail/template.h"

struct mail_built_in {
    struct slice name;
    int fields;
    struct mail_template template;
};

struct mail_built_in mail_built_in_of(enum mail_kind kind);

enum mail_part {
    MAIL_PART_TEXT,
    MAIL_PART_PLACEHOLDER, /* without its braces */
    MAIL_PART_BROKEN       /* "{{" and no "}}" on the same line */
};

/* Takes the next part off the front of *rest, which is not empty. */
enum mail_part mail_template_next(struct slice *rest, struct slice *part);

/* NULL, or what is wrong; *at is where. */
const char *mail_template_check(struct slice text, int fields, size_t *at);
bool mail_template_has(struct slice text, struct slice placeholder);

#endif
