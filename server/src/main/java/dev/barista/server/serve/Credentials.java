package dev.barista.server.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.barista.api.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The administrator's name and password: files {@code basic-auth-user} and {@code
 * basic-auth-password} of one folder, as OpenFaaS mounts them. By default that is {@code secrets}
 * in the data folder; whoever may read it there (the command line of the same user, with {@code
 * gateway.json} telling it which gateway runs) needs no login.
 *
 * @param password never shown, not even by {@link #toString}
 */
record Credentials(String user, String password) {

  static final String USER_FILE = "basic-auth-user";
  static final String PASSWORD_FILE = "basic-auth-password";

  private static final String FIRST_USER = "admin";
  private static final int PASSWORD_LENGTH = 32;
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  /**
   * Reads both files, surrounding white space apart.
   *
   * @param make whether missing files are made: a password of 32 random letters and digits, 0600 in
   *     a folder 0700
   * @throws ServeException when a file is missing, empty or can't be read or written
   */
  static Credentials load(Path folder, boolean make) {
    try {
      if (make) {
        Files.createDirectories(folder, permissions("rwx------"));
        makeFile(folder.resolve(USER_FILE), FIRST_USER);
        makeFile(folder.resolve(PASSWORD_FILE), newPassword());
        close(folder, "rwx------");
        close(folder.resolve(USER_FILE), "rw-------");
        close(folder.resolve(PASSWORD_FILE), "rw-------");
      }
      return new Credentials(read(folder.resolve(USER_FILE)), read(folder.resolve(PASSWORD_FILE)));
    } catch (IOException e) {
      throw new ServeException(
          "the password files in "
              + folder
              + " can't be used ("
              + FileFault.reason(folder, e)
              + "): mend them, or choose another folder with --secret-mount-path",
          e);
    }
  }

  private static String read(Path file) throws IOException {
    String text = Files.readString(file).strip();
    if (text.isEmpty()) {
      throw new IOException(file.getFileName() + " is empty");
    }
    return text;
  }

  /** Whole or not at all, and never readable by others, not even for a moment. */
  private static void makeFile(Path file, String text) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Path partial =
        Files.createTempFile(
            file.getParent(), file.getFileName().toString(), null, permissions("rw-------"));
    Files.write(partial, text.getBytes(UTF_8));
    Files.move(partial, file, ATOMIC_MOVE);
  }

  /** A folder that was restored from a backup, or made by hand, may be open to others. */
  private static void close(Path path, String permissions) throws IOException {
    Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
    if (!Files.getPosixFilePermissions(path).equals(wanted)) {
      Files.setPosixFilePermissions(path, wanted);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private static String newPassword() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < PASSWORD_LENGTH; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }

  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
