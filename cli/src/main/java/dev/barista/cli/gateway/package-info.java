/** Which gateway a verb talks to, with whose credentials, and how its refusals are told. */
@NullMarked
package dev.barista.cli.gateway;

import org.jspecify.annotations.NullMarked;
