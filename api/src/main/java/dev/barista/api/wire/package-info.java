/** Bodies of the REST API, field by field as OpenFaaS clients know them. */
@NullMarked
package dev.barista.api.wire;

import org.jspecify.annotations.NullMarked;
