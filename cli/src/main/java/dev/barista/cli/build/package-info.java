/** Builds the functions of a stack file into the image store of this machine. */
@NullMarked
package dev.barista.cli.build;

import org.jspecify.annotations.NullMarked;
