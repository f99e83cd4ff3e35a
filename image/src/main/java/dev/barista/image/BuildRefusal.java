package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;

/** How a build fails whose author must change something: handler, template or their settings. */
final class BuildRefusal {

  private BuildRefusal() {}

  /**
   * @param sentence what is wrong, and what would be right where that isn't plain
   */
  static FaasException refused(String sentence) {
    return new FaasException(ErrorCode.BAD_REQUEST, "image", sentence);
  }
}
