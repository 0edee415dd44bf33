package dev.openmemory.backup.testconditions;

import java.nio.file.Path;
import java.util.Locale;

/** The tier that is run: see {@code docs/development.md}. */
enum Tier {
  DEFAULT(""),
  SERVICES(" -Pservices"),
  SOAK("");

  private final String profile;

  Tier(String profile) {
    this.profile = profile;
  }

  /** The one that the build names; outside of the build, all tests may run. */
  static Tier current() {
    return valueOf(System.getProperty("openmemory.tier", "services").toUpperCase(Locale.ROOT));
  }

  /** The command that runs a test of the current module again. */
  String replay(String test, long seed) {
    if (this == SOAK) {
      return ".ci/soak --minutes 0 --seed " + seed + " --test '" + test + "'";
    }
    return "mvn verify"
        + profile
        + " -am -pl "
        + Path.of("").toAbsolutePath().getFileName()
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dopenmemory.seed="
        + seed
        + " -Dtest='"
        + test
        + "'";
  }
}
