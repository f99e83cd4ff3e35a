/** Limits of the kernel on groups of processes, cgroup v1 and v2. */
@NullMarked
package dev.barista.cgroup;

import org.jspecify.annotations.NullMarked;
