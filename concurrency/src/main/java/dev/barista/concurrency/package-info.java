/** Clocks, deadlines and limiters. */
@NullMarked
package dev.barista.concurrency;

import org.jspecify.annotations.NullMarked;
