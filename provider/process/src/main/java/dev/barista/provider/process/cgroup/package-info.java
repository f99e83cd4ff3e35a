/** Limits of the kernel on groups of processes, cgroup v1 and v2. */
@NullMarked
package dev.barista.provider.process.cgroup;

import org.jspecify.annotations.NullMarked;
