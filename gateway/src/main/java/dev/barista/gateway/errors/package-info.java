/** One shape for every failure that the platform tells a client. */
@NullMarked
package dev.barista.gateway.errors;

import org.jspecify.annotations.NullMarked;
