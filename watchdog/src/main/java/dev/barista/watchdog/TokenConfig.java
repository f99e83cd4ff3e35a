package dev.barista.watchdog;

import java.net.URI;

/**
 * Whose tokens let callers in.
 *
 * @param authority below which {@code /.well-known/openid-configuration} is
 * @param resource {@code NAMESPACE:NAME} of this function
 * @param explained whether the log tells what was in a token that was refused
 */
record TokenConfig(URI authority, String resource, boolean explained) {}
