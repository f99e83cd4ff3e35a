package dev.barista.image;

/** Hears of a transfer's steps, from several threads. */
public interface TransferListener {

  /** For who doesn't want to know. */
  TransferListener NONE =
      new TransferListener() {
        @Override
        public void progress(String digest, long bytes, long total) {}

        @Override
        public void known(String digest, long total) {}
      };

  /**
   * Bytes of a blob have gone over.
   *
   * @param bytes of it so far
   * @param total its size
   */
  void progress(String digest, long bytes, long total);

  /**
   * A blob needn't go over: the other side has it.
   *
   * @param total its size
   */
  void known(String digest, long total);
}
