package dev.barista.image;

/** How far a build tool is kept from the host; the strongest that works here is taken. */
enum BuildWalls {

  /** bubblewrap: it sees a list of files and folders, and no other process. */
  SANDBOX,

  /** The platform is root and there is no bubblewrap: a user of its own, the host to see. */
  USER,

  /** Neither: it may do what the platform may do. */
  NONE
}
