/**
 * The data plane: finds the function of a call, a replica for it, and passes the call on. Nothing
 * here blocks, and nothing takes a lock while replicas are ready.
 */
@NullMarked
package dev.barista.gateway.invoke;

import org.jspecify.annotations.NullMarked;
