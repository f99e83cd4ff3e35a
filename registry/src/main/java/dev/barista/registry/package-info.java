/**
 * The OCI distribution API (version 1.1) over the host's image store: pull, push, discovery,
 * management. Paths and answers follow the specification,
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md.
 */
@NullMarked
package dev.barista.registry;

import org.jspecify.annotations.NullMarked;
