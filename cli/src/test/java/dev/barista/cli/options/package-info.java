@NullMarked
package dev.barista.cli.options;

import org.jspecify.annotations.NullMarked;
