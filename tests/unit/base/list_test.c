/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.h"

#include "base/list.h"

struct member {
    int number;
    struct list node;
};

static int number_of(struct list *node)
{
    return node == NULL ? -1 : CONTAINER_OF(node, struct member, node)->number;
}

static void takes_members_in_the_order_they_came(void **state)
{
    struct list list;
    struct list other;
    struct member members[3];

    (void)state;
    list_init(&list);
    list_init(&other);
    assert_true(list_is_empty(&list));
    assert_null(list_take(&list));
    for (int i = 0; i < 3; i++) {
        members[i].number = i;
        list_append(&list, &members[i].node);
    }
    list_remove(&members[1].node);
    list_remove(&members[1].node);
    list_move(&other, &list);
    assert_true(list_is_empty(&list));
    assert_int_equal(number_of(list_take(&other)), 0);
    assert_int_equal(number_of(list_take(&other)), 2);
    assert_int_equal(number_of(list_take(&other)), -1);
    list_move(&other, &list);
    assert_true(list_is_empty(&other));
}

RUN_TESTS(cmocka_unit_test(takes_members_in_the_order_they_came))
