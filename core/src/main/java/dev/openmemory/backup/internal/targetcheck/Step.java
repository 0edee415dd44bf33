package dev.openmemory.backup.internal.targetcheck;

import java.io.IOException;

/**
 * One thing that is checked.
 *
 * @param duty its number, from the Javadoc of the SPI
 * @param subject for people
 * @param adds whether it writes objects besides the marker, which would stay where nothing can be
 *     deleted
 */
record Step(String duty, String subject, boolean adds, Look look) {
  /** Finds out. A failure that it does not expect is a broken duty. */
  interface Look {
    Answer at(CheckFolder folder) throws IOException;
  }
}
