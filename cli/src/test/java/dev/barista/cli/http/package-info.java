@NullMarked
package dev.barista.cli.http;

import org.jspecify.annotations.NullMarked;
