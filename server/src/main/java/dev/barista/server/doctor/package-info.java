/** {@code barista doctor}: what this host lacks, what that costs, and how to mend it. */
@NullMarked
package dev.barista.server.doctor;

import org.jspecify.annotations.NullMarked;
