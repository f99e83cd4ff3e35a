@NullMarked
package dev.barista.cli.command;

import org.jspecify.annotations.NullMarked;
