package dev.barista.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Content of one small file. Immutable. */
public final class TemplateFile {

  private final byte[] content;
  private final boolean executable;

  public TemplateFile(byte[] content, boolean executable) {
    this.content = content.clone();
    this.executable = executable;
  }

  public byte[] content() {
    return content.clone();
  }

  public InputStream open() {
    return new ByteArrayInputStream(content);
  }

  public int size() {
    return content.length;
  }

  public boolean executable() {
    return executable;
  }
}
