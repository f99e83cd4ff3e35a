package dev.barista.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.SecretName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with AES-256-GCM (NIST SP 800-38D) and a key of its own file, 0600, so that a copy
 * of the database alone tells nothing. A sealed value is {@code version 1 | nonce, 12 bytes |
 * ciphertext | tag, 16 bytes}; it is bound to its name, so that it can't be put in another's place.
 * The key is read or made when it is first needed. Thread-safe.
 */
final class SecretSeal {

  static final String KEY_FILE = "secrets.key";

  private static final byte VERSION = 1;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

  private final Path keyFile;

  // Mutable state, guarded by the lock of this object
  private @Nullable SecretKeySpec key;

  SecretSeal(Path folder) {
    this.keyFile = folder.resolve(KEY_FILE);
  }

  byte[] seal(SecretName name, byte[] value) {
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key(/* make= */ true), name, nonce).doFinal(value);
      return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
          .put(VERSION)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no AES-GCM", e);
    }
  }

  /**
   * @throws FaasException {@code INTERNAL} if the key is missing or another, or the value was
   *     changed
   */
  byte[] open(SecretName name, byte[] sealed) {
    if (sealed.length < 1 + NONCE_BYTES || sealed[0] != VERSION) {
      throw unreadable(name, "it was sealed by another version of Barista", null);
    }
    byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, key(/* make= */ false), name, nonce)
          .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw unreadable(name, keyFile + " is not the key that it was sealed with", e);
    }
  }

  private static Cipher cipher(int mode, SecretKeySpec key, SecretName name, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((name.namespace() + "/" + name.name()).getBytes(UTF_8));
    return cipher;
  }

  private synchronized SecretKeySpec key(boolean make) {
    SecretKeySpec known = key;
    if (known == null) {
      known = new SecretKeySpec(keyBytes(make), "AES");
      key = known;
    }
    return known;
  }

  private byte[] keyBytes(boolean make) {
    try {
      if (!Files.exists(keyFile)) {
        if (!make) {
          throw unusable("is missing", null);
        }
        makeKey();
      }
      if (!Files.getPosixFilePermissions(keyFile).equals(OWN)) {
        Files.setPosixFilePermissions(keyFile, OWN);
      }
      byte[] bytes = Files.readAllBytes(keyFile);
      if (bytes.length != KEY_BYTES) {
        throw unusable("has " + bytes.length + " bytes and not " + KEY_BYTES, null);
      }
      return bytes;
    } catch (IOException e) {
      throw unusable("can't be used", e);
    }
  }

  /** On disk before any value that needs it. */
  private void makeKey() throws IOException {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    Path partial =
        Files.createTempFile(
            keyFile.getParent(), KEY_FILE, null, PosixFilePermissions.asFileAttribute(OWN));
    try (FileChannel file = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes));
      file.force(/* metaData= */ true);
    }
    Files.move(partial, keyFile, ATOMIC_MOVE);
  }

  private FaasException unusable(String what, @Nullable IOException cause) {
    return new FaasException(
        ErrorCode.INTERNAL,
        "state",
        "secrets can't be read: their key "
            + keyFile
            + " "
            + what
            + "; put it back from a backup, or create the secrets anew",
        "--data",
        cause);
  }

  private static FaasException unreadable(
      SecretName name, String why, @Nullable GeneralSecurityException cause) {
    return new FaasException(
        ErrorCode.INTERNAL,
        "state",
        "secret " + name + " can't be read: " + why + "; create it anew",
        "--data",
        cause);
  }
}
