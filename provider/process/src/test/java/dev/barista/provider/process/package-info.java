@NullMarked
package dev.barista.provider.process;

import org.jspecify.annotations.NullMarked;
