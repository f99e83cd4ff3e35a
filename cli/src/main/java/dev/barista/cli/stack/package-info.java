/** Reads {@code stack.yml}: what to build and deploy, with every fault named by line. */
@NullMarked
package dev.barista.cli.stack;

import org.jspecify.annotations.NullMarked;
