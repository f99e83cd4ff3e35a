@NullMarked
package dev.barista.watchdog;

import org.jspecify.annotations.NullMarked;
