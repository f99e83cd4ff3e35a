/** Settings of {@code serve}: where they come from, how they are checked, what they become. */
@NullMarked
package dev.barista.server.config;

import org.jspecify.annotations.NullMarked;
