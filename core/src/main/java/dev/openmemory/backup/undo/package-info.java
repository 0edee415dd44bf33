/** Requests and reports of an undo, and of a cleanup of what restores have set aside. */
@NullMarked
package dev.openmemory.backup.undo;

import org.jspecify.annotations.NullMarked;
