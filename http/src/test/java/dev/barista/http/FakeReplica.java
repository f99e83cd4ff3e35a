package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A server of one thread per connection that does byte by byte what a test says. */
final class FakeReplica implements AutoCloseable {

  /** What it does with one connection. */
  interface Script {
    void run(Connection connection) throws IOException;
  }

  private final ServerSocketChannel listener;
  private final SocketAddress address;
  private final Script script;
  private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

  FakeReplica(Script script) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
  }

  /**
   * @param address TCP or a Unix-domain socket
   */
  FakeReplica(SocketAddress address, Script script) throws IOException {
    this.script = script;
    this.listener =
        ServerSocketChannel.open(
            address instanceof UnixDomainSocketAddress
                ? StandardProtocolFamily.UNIX
                : StandardProtocolFamily.INET);
    listener.bind(address);
    this.address = listener.getLocalAddress();
    Thread.ofPlatform().daemon().name("fake-replica").start(this::accept);
  }

  /** Answers every request on a connection with the same bytes. */
  static FakeReplica answering(String answer) throws IOException {
    return new FakeReplica(answers(answer));
  }

  /** Answers every request on a connection with the same bytes. */
  static Script answers(String answer) {
    return connection -> {
      while (true) {
        connection.readRequest();
        connection.send(answer);
      }
    };
  }

  /** Answers the head of a connection's first request, and closes. */
  static Script answersOnce(String answer) {
    return connection -> {
      connection.readHead();
      connection.send(answer);
    };
  }

  /** Answers a connection's first request; the second meets one that is just being closed. */
  static Script answersOnceThenResets(String answer) {
    return connection -> {
      connection.readRequest();
      connection.send(answer);
      connection.readRequest();
      connection.reset();
    };
  }

  SocketAddress address() {
    return address;
  }

  /** The next request's head that it got. */
  String awaitHead() throws InterruptedException {
    return Awaited.next(heads, "no request arrived");
  }

  /** The end of the next connection that ended, as its script saw it. */
  String awaitEnd() throws InterruptedException {
    return Awaited.next(ends, "no connection ended");
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel socket = listener.accept();
        Thread.ofPlatform().daemon().name("fake-connection").start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(SocketChannel socket) {
    try (socket) {
      script.run(new Connection(socket));
      ends.add("returned");
    } catch (IOException e) {
      ends.add(e instanceof EOFException ? "closed by client" : "reset by client");
    }
  }

  /** One connection, for a script. */
  final class Connection {

    private final SocketChannel socket;
    private final InputStream in;
    private final OutputStream out;

    private Connection(SocketChannel socket) throws IOException {
      this.socket = socket;
      if (socket.getRemoteAddress() instanceof InetSocketAddress) {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      this.in = new BufferedInputStream(Channels.newInputStream(socket));
      this.out = Channels.newOutputStream(socket);
    }

    /** Reads a head; returns it. */
    String readHead() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) readByte());
      }
      heads.add(head.toString());
      return head.toString();
    }

    /** Reads a head and a body of {@code Content-Length}; returns the body. */
    String readRequest() throws IOException {
      String head = readHead().toLowerCase(Locale.ROOT);
      int at = head.indexOf("content-length: ");
      int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
      return new String(read(length), ISO_8859_1);
    }

    byte[] read(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return bytes;
    }

    /** Blocks until the other side sends or ends. */
    int readByte() throws IOException {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      return b;
    }

    String readUntil(String end) throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf(end) < 0) {
        text.append((char) readByte());
      }
      return text.toString();
    }

    void send(String text) throws IOException {
      send(text.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Does nothing until the test has come that far. */
    void await(CountDownLatch latch) throws IOException {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    void reset() throws IOException {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
