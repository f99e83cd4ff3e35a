/** Which path is answered by whom, who may ask, and what a failure looks like to the client. */
@NullMarked
package dev.barista.gateway.routes;

import org.jspecify.annotations.NullMarked;
