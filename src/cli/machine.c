/* machine.c: CPUs in the affinity mask and the share of them that a cgroup grants. */
#include "cli/machine.h"

#include <sched.h>
#include <stdio.h>

static unsigned affinity(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

/* "max 100000" or "150000 100000": microseconds of CPU a period; rounded up. 0: no quota. */
static unsigned quota(void)
{
	long long use = 0, period = 0;
	FILE *f = fopen("/sys/fs/cgroup/cpu.max", "re");

	if (!f)
		return 0;
	if (fscanf(f, "%lld %lld", &use, &period) != 2)
		use = period = 0;
	fclose(f);
	return use > 0 && period > 0 ? (unsigned)((use + period - 1) / period) : 0;
}

unsigned machine_cpus(void)
{
	unsigned cpus = affinity(), share = quota();

	if (share && share < cpus)
		cpus = share;
	return cpus ? cpus : 1;
}
