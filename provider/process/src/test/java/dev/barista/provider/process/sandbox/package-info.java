@NullMarked
package dev.barista.provider.process.sandbox;

import org.jspecify.annotations.NullMarked;
