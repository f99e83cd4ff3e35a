@NullMarked
package dev.barista.cli.build;

import org.jspecify.annotations.NullMarked;
