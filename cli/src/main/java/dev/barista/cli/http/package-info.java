/**
 * A client of HTTP/1.1 for one call per process: small, because the JDK's own costs a fresh process
 * more time than the call (see {@code docs/adr/0015-http-client-of-the-command-line.md}).
 */
@NullMarked
package dev.barista.cli.http;

import org.jspecify.annotations.NullMarked;
