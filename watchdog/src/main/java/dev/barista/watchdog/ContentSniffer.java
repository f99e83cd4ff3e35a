package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;

/**
 * Guesses the media type of an answer that nobody named, from its first {@link #BYTES}, by the
 * signatures of the WHATWG MIME Sniffing Standard.
 */
final class ContentSniffer {

  static final int BYTES = 512;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";

  /** A type and how its data begins; '?' is any byte. */
  private record Signature(String type, String beginning) {
    boolean matches(String data) {
      if (data.length() < beginning.length()) {
        return false;
      }
      for (int i = 0; i < beginning.length(); i++) {
        if (beginning.charAt(i) != '?' && beginning.charAt(i) != data.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<String> HTML_TAGS =
      List.of(
          "<!doctype html",
          "<html",
          "<head",
          "<script",
          "<iframe",
          "<h1",
          "<div",
          "<font",
          "<table",
          "<a",
          "<style",
          "<title",
          "<b",
          "<body",
          "<br",
          "<p");

  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature("application/pdf", "%PDF-"),
          new Signature("application/postscript", "%!PS-Adobe-"),
          new Signature("text/plain; charset=utf-16be", "\u00fe\u00ff"),
          new Signature("text/plain; charset=utf-16le", "\u00ff\u00fe"),
          new Signature(TEXT, "\u00ef\u00bb\u00bf"),
          new Signature("image/x-icon", "\0\0\1\0"),
          new Signature("image/x-icon", "\0\0\2\0"),
          new Signature("image/bmp", "BM"),
          new Signature("image/gif", "GIF87a"),
          new Signature("image/gif", "GIF89a"),
          new Signature("image/webp", "RIFF????WEBPVP"),
          new Signature("image/png", "\u0089PNG\r\n\u001a\n"),
          new Signature("image/jpeg", "\u00ff\u00d8\u00ff"),
          new Signature("audio/aiff", "FORM????AIFF"),
          new Signature("audio/mpeg", "ID3"),
          new Signature("application/ogg", "OggS\0"),
          new Signature("audio/midi", "MThd\0\0\0\6"),
          new Signature("video/avi", "RIFF????AVI "),
          new Signature("audio/wave", "RIFF????WAVE"),
          new Signature("video/mp4", "????ftypmp4"),
          new Signature("video/mp4", "????ftypisom"),
          new Signature("video/webm", "\u001aE\u00df\u00a3"),
          new Signature("font/ttf", "\0\1\0\0"),
          new Signature("font/otf", "OTTO"),
          new Signature("font/collection", "ttcf"),
          new Signature("font/woff", "wOFF"),
          new Signature("font/woff2", "wOF2"),
          new Signature("application/x-gzip", "\u001f\u008b\u0008"),
          new Signature("application/zip", "PK\3\4"),
          new Signature("application/x-rar-compressed", "Rar!\u001a\7\0"),
          new Signature("application/x-rar-compressed", "Rar!\u001a\7\1\0"),
          new Signature("application/wasm", "\0asm"));

  private ContentSniffer() {}

  static String guess(byte[] beginning) {
    String data = new String(beginning, ISO_8859_1);
    String trimmed = data.replaceFirst("^[\t\n\f\r ]+", "");
    if (isHtml(trimmed)) {
      return HTML;
    }
    if (trimmed.startsWith("<?xml")) {
      return "text/xml; charset=utf-8";
    }
    for (Signature signature : SIGNATURES) {
      if (signature.matches(data)) {
        return signature.type();
      }
    }
    return data.chars().anyMatch(ContentSniffer::isBinary) ? "application/octet-stream" : TEXT;
  }

  private static boolean isHtml(String trimmed) {
    if (trimmed.startsWith("<!--")) {
      return true;
    }
    String lower = trimmed.toLowerCase(Locale.ROOT);
    for (String tag : HTML_TAGS) {
      if (lower.startsWith(tag)
          && lower.length() > tag.length()
          && (lower.charAt(tag.length()) == ' ' || lower.charAt(tag.length()) == '>')) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBinary(int c) {
    return c <= 0x08 || c == 0x0b || (c >= 0x0e && c <= 0x1a) || (c >= 0x1c && c <= 0x1f);
  }
}
