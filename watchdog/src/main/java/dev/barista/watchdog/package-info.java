/**
 * The program inside a replica that drives a function process: takes HTTP calls and runs the
 * function for each. A program of its own with a small class path: start-up time and memory are
 * paid per replica.
 */
@NullMarked
package dev.barista.watchdog;

import org.jspecify.annotations.NullMarked;
