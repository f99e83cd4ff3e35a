@NullMarked
package dev.barista.server.scale;

import org.jspecify.annotations.NullMarked;
