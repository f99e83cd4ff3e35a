package dev.barista.api;

import static java.util.Objects.requireNonNull;

/**
 * One bound, as asked for and as kept.
 *
 * @param bound such as {@code isolation}, {@code limits.memory}, {@code limits.cpu}
 * @param requested the user's value
 * @param enforced the value really kept, or {@code none}, with the reason in brackets
 */
public record Enforcement(String bound, String requested, String enforced) {
  public Enforcement {
    requireNonNull(bound, "bound");
    requireNonNull(requested, "requested");
    requireNonNull(enforced, "enforced");
  }
}
