/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs of application/x-www-form-urlencoded bodies and of query strings, in
 * the order they were sent.
 *
 * Never guesses: a bad "%", a NUL (unless allowed) and text that is not UTF-8
 * refuse the whole form. A name may occur twice; form_find says how often, so
 * that whoever must not be fooled by a second value can tell. Pairs live as
 * long as the arena; more than `pairs` of them are refused before any is read.
 */
#ifndef CODEC_FORM_H
#define CODEC_FORM_H

#include "base/buf.h"

struct form_limits {
    size_t pairs;
    bool nul_allowed;
};

struct form_pair {
    struct slice name;
    struct slice value;
};

struct form {
    struct form_pair *pairs;
    size_t count;
};

MUST_USE enum status form_parse(struct arena *arena, struct slice text,
                                struct form_limits limits, struct form *out);

/* How many pairs have this name; *value is that of the first. */
size_t form_find(const struct form *form, struct slice name,
                 struct slice *value);

/*
 * Takes the next pair off *rest without decoding it. False at the end. Empty
 * parts, as in "a=1&&b=2", are no pairs; "a" is one with an empty value.
 */
bool form_split(struct slice *rest, struct form_pair *pair);

/* Appends "name=value", after a "&" when `buf` is not empty. */
void form_add(struct buf *buf, struct slice name, struct slice value);

#endif
