/** OpenFaaS's scaling towards a load per replica. */
@NullMarked
package dev.barista.autoscaler.load;

import org.jspecify.annotations.NullMarked;
