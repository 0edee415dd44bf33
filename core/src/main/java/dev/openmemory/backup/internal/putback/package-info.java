/** Puts single memories of a backup back into an installation that runs, and takes that back. */
@NullMarked
package dev.openmemory.backup.internal.putback;

import org.jspecify.annotations.NullMarked;
