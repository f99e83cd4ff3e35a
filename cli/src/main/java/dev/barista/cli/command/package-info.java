/** One class for each client verb. */
@NullMarked
package dev.barista.cli.command;

import org.jspecify.annotations.NullMarked;
