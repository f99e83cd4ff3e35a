@NullMarked
package dev.barista.cli.gateway;

import org.jspecify.annotations.NullMarked;
