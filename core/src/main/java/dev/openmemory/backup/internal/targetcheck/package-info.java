/** Checks which duties of a target a store of the user keeps. */
@NullMarked
package dev.openmemory.backup.internal.targetcheck;

import org.jspecify.annotations.NullMarked;
