/* version.h: the one place that says which version this is; the Makefile, --version and the man page take it from here. */
#ifndef MRRC_CLI_VERSION_H
#define MRRC_CLI_VERSION_H

#define MRRC_VERSION "0.1.0"

#endif
