/** Pauses the programs that write an installation, and resumes them. */
@NullMarked
package dev.openmemory.backup.internal.pause;

import org.jspecify.annotations.NullMarked;
