/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exit codes of the program. Only main returns them: nothing below it
 * ends the process.
 */
#ifndef APP_EXIT_H
#define APP_EXIT_H

enum exit_code {
#define EXIT_CODE(name, number, text) EXIT_CODE_##name = (number),
#include "app/exit.def"
#undef EXIT_CODE
};

#endif
