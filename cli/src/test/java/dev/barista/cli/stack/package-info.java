@NullMarked
package dev.barista.cli.stack;

import org.jspecify.annotations.NullMarked;
