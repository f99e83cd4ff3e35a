@NullMarked
package dev.barista.provider.process.log;

import org.jspecify.annotations.NullMarked;
