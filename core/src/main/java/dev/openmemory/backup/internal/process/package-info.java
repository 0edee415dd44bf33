/** Other processes: which one owns something that is left over, and how they are ended. */
@NullMarked
package dev.openmemory.backup.internal.process;

import org.jspecify.annotations.NullMarked;
