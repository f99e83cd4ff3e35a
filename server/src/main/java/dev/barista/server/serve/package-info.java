/** {@code barista serve}: wiring, start, and orderly end. */
@NullMarked
package dev.barista.server.serve;

import org.jspecify.annotations.NullMarked;
