/** What a replica's process sees and may do: bubblewrap, users, the environment. */
@NullMarked
package dev.barista.provider.process.sandbox;

import org.jspecify.annotations.NullMarked;
