/** Calls that block, and what ends them. */
@NullMarked
package dev.openmemory.backup.internal.watch;

import org.jspecify.annotations.NullMarked;
