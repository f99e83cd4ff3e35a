/**
 * The platform's durable state: one SQLite database in the data folder, and the lock that gives the
 * folder to one process at a time.
 */
@NullMarked
package dev.barista.state;

import org.jspecify.annotations.NullMarked;
