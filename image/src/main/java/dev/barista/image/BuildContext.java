package dev.barista.image;

import java.nio.file.Path;

/**
 * What a build's steps share.
 *
 * @param work folder of this build
 * @param environment of the tools
 */
record BuildContext(
    InterpreterResolver interpreters,
    Path work,
    BuildTool tool,
    BuildListener listener,
    ToolEnvironment environment) {}
