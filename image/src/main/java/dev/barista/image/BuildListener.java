package dev.barista.image;

/** Hears how a build goes on. Called on the thread that builds. */
@FunctionalInterface
public interface BuildListener {

  /** One line for the user, without a line end: a step, or a line of a tool's output. */
  void progress(String line);
}
