@NullMarked
package dev.barista.cli;

import org.jspecify.annotations.NullMarked;
