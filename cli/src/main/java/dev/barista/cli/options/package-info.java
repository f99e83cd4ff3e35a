/**
 * Reads a verb's arguments as faas-cli's does ({@code --name value}, {@code --name=value}, {@code
 * -n value}, {@code --flag=false}, {@code --}), and prints its help. Without reflection and
 * annotations: see {@code docs/adr/0015-lean-command-line.md}.
 */
@NullMarked
package dev.barista.cli.options;

import org.jspecify.annotations.NullMarked;
