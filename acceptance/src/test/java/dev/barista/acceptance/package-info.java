/**
 * Tests on the real program: started by the launcher on free ports and temporary folders, used by
 * HTTP and by the command line, as a user would.
 */
@NullMarked
package dev.barista.acceptance;

import org.jspecify.annotations.NullMarked;
