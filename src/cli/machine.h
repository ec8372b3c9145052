/* machine.h: how many CPUs this process may use. Layer cli. */
#ifndef MRRC_CLI_MACHINE_H
#define MRRC_CLI_MACHINE_H

/* The affinity mask, narrowed by a cgroup (v2) quota; at least 1. */
unsigned machine_cpus(void);

#endif
