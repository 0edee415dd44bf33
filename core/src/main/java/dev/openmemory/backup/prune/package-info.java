/** Request and report of a prune, and the retention policy. */
@NullMarked
package dev.openmemory.backup.prune;

import org.jspecify.annotations.NullMarked;
