/** What the launcher and the running program know of each other: jars and ahead-of-time caches. */
@NullMarked
package dev.barista.server.launch;

import org.jspecify.annotations.NullMarked;
