package dev.barista.server.config;

/** Where the cgroups of replicas are made. */
public enum CgroupMode {
  /** Where the platform was started, or in a group that the user's systemd delegates to it. */
  AUTO,
  /** Where the platform was started, if that is possible there. */
  OWN,
  /** Nowhere: limits are not kept. */
  NONE
}
