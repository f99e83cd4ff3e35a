/** The command line: verbs, their flags, and what they print. */
@NullMarked
package dev.barista.cli;

import org.jspecify.annotations.NullMarked;
