/** The one contract between the platform and the place where replicas run. */
@NullMarked
package dev.barista.provider.spi;

import org.jspecify.annotations.NullMarked;
