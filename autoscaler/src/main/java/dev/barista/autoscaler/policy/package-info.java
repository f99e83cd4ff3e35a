/** How a function scales, read from its labels and annotations and checked at deploy. */
@NullMarked
package dev.barista.autoscaler.policy;

import org.jspecify.annotations.NullMarked;
