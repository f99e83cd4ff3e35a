@NullMarked
package dev.barista.provider.spi;

import org.jspecify.annotations.NullMarked;
