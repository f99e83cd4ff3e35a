/** {@code barista scale simulate}: the autoscaler's decisions without a platform. */
@NullMarked
package dev.barista.server.scale;

import org.jspecify.annotations.NullMarked;
