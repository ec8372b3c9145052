/* help.h: texts for people. Layer cli. */
#ifndef MRRC_CLI_HELP_H
#define MRRC_CLI_HELP_H

#include <stdio.h>

#include "cli/options.h"

void help_overview(FILE *to);
void help_command(FILE *to, enum command command);
/* The command with this name, 0 when there is none. */
unsigned command_named(const char *name);
/* Complain about an unknown command, with a suggestion. */
void help_unknown(const char *name);

#endif
