package dev.barista.image;

import java.nio.file.Path;

/**
 * What a build's steps share.
 *
 * @param environment of the tools
 * @param cache folder of the function that its tools keep between builds; may not exist yet
 */
record BuildContext(
    InterpreterResolver interpreters,
    BuildTool tool,
    BuildListener listener,
    ToolEnvironment environment,
    Path cache) {}
