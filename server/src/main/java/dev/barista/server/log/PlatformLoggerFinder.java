package dev.barista.server.log;

/**
 * Gives every {@link System.Logger} of this process to {@link PlatformLog}. Found by the JDK as a
 * service; it spares the start {@code java.util.logging}.
 */
public final class PlatformLoggerFinder extends System.LoggerFinder {

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new PlatformLogger(name);
  }
}
