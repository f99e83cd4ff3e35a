/** Replicas are sandboxed processes of this host. */
@NullMarked
package dev.barista.provider.process;

import org.jspecify.annotations.NullMarked;
