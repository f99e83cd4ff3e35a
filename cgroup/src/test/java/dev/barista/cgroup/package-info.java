@NullMarked
package dev.barista.cgroup;

import org.jspecify.annotations.NullMarked;
