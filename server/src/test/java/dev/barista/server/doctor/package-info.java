@NullMarked
package dev.barista.server.doctor;

import org.jspecify.annotations.NullMarked;
