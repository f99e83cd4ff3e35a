package dev.barista.http;

import java.nio.ByteBuffer;

/** Follows an exchange whose two directions are moved in pieces. Called on its loop. */
public interface DuplexListener {

  /**
   * A piece of the request's body. More may come though {@link Duplex#pause} was called, as much as
   * one read of the connection has brought.
   *
   * @param bytes may be empty; only good until this returns
   * @param last whether the body ends here
   */
  void part(ByteBuffer bytes, boolean last);

  /** The client takes more of the answer. */
  void writable();

  /**
   * The exchange has ended without the listener's doing; nothing can be written any more.
   *
   * @param status what the client got; 0 when it had gone
   */
  void aborted(int status);
}
