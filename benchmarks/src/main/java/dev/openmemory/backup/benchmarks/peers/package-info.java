/** Whole commands of ours and of other programs on one storage, in turn. */
@NullMarked
package dev.openmemory.backup.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
