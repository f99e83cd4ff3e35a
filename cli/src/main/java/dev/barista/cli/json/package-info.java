/**
 * Reads and writes JSON with Jackson's streaming part only: its data binding costs a fresh process
 * 60 to 100 ms, which is more than the rest of a verb.
 */
@NullMarked
package dev.barista.cli.json;

import org.jspecify.annotations.NullMarked;
