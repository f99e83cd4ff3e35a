/** Domain records of the platform: what a function is, how it stands, and how it fails. */
@NullMarked
package dev.barista.api;

import org.jspecify.annotations.NullMarked;
