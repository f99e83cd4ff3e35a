@NullMarked
package dev.barista.provider.testkit;

import org.jspecify.annotations.NullMarked;
