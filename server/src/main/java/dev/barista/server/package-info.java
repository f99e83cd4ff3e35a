/** The program: its main class and the commands it has. */
@NullMarked
package dev.barista.server;

import org.jspecify.annotations.NullMarked;
