@NullMarked
package dev.barista.spawn;

import org.jspecify.annotations.NullMarked;
