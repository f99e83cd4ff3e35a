/** What replicas write, kept in files with caps. */
@NullMarked
package dev.barista.provider.process.log;

import org.jspecify.annotations.NullMarked;
