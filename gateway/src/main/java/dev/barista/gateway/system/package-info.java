/** The REST API under {@code /system}: deploy, list, scale and delete functions. */
@NullMarked
package dev.barista.gateway.system;

import org.jspecify.annotations.NullMarked;
