/** Moves images between this machine and registries, over the command line's own HTTP client. */
@NullMarked
package dev.barista.cli.push;

import org.jspecify.annotations.NullMarked;
