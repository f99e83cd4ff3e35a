/**
 * Functions as OCI images: the layout store in the data folder, the build from a template and a
 * handler folder, and the interpreters that run what was built.
 */
@NullMarked
package dev.barista.image;

import org.jspecify.annotations.NullMarked;
