/** The platform's log: what {@link java.lang.System.Logger} writes to, text or JSON lines. */
@NullMarked
package dev.barista.server.log;

import org.jspecify.annotations.NullMarked;
