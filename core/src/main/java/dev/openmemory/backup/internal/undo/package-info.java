/** Puts back what the last restore has replaced, and removes what restores have set aside. */
@NullMarked
package dev.openmemory.backup.internal.undo;

import org.jspecify.annotations.NullMarked;
