@NullMarked
package dev.barista.provider.process.cgroup;

import org.jspecify.annotations.NullMarked;
