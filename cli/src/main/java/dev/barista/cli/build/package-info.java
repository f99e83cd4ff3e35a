/** What happens between a stack file and its images: names, templates of others, builds. */
@NullMarked
package dev.barista.cli.build;

import org.jspecify.annotations.NullMarked;
