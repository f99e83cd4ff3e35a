package dev.barista.image;

import java.util.Map;

/**
 * What one build of a Java function works with.
 *
 * @param jdk of the host
 */
record JavaTools(Interpreter jdk, JavaCompiler compiler, MavenLibraries maven) {

  static JavaTools of(BuildContext context, Map<String, String> buildArgs) {
    Interpreter jdk = context.interpreters().resolve("java");
    return new JavaTools(
        jdk,
        new JavaCompiler(jdk, context.tool(), context.listener()),
        new MavenLibraries(context, jdk, buildArgs));
  }

  /** Begins the key of a part: another JDK makes another one. */
  LayerKey key(String kind) {
    return new LayerKey(kind).add(jdk.version());
  }
}
