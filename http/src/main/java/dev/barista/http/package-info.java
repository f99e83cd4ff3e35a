/**
 * HTTP/1.1 on Netty: listener, route table, exchange for blocking handlers, upstream pools and the
 * streaming proxy.
 */
@NullMarked
package dev.barista.http;

import org.jspecify.annotations.NullMarked;
