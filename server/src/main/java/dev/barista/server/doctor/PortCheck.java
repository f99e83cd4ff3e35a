package dev.barista.server.doctor;

import dev.barista.cli.gateway.LocalGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a port is free on the loopback address, by taking it for a moment. */
final class PortCheck {

  private PortCheck() {}

  /**
   * @param option of serve that chooses another
   * @param data a gateway that runs from there may have it
   */
  static Finding run(String subject, int port, String option, Path data) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return Finding.ok(subject, "free");
    } catch (IOException e) {
      Optional<LocalGateway> running = LocalGateway.find(data);
      if (running.isPresent()) {
        return Finding.ok(subject, "taken; Barista runs at " + running.get().url());
      }
      return Finding.stop(
          subject,
          "taken by another program, or not allowed (" + e.getMessage() + ")",
          "serve can't listen there",
          "end that program, or choose another port with " + option);
    }
  }
}
