/**
 * Child processes of this host, without {@link java.lang.ProcessBuilder}: posix_spawn, pipes, exit
 * statuses and one loop that serves many of them, through the foreign function API. Linux only;
 * elsewhere every entry point throws {@link java.lang.UnsupportedOperationException} with a
 * sentence.
 */
@NullMarked
package dev.barista.spawn;

import org.jspecify.annotations.NullMarked;
