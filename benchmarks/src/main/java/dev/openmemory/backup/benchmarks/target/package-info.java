/** Transfers to and from a target in a process of its own. */
@NullMarked
package dev.openmemory.backup.benchmarks.target;

import org.jspecify.annotations.NullMarked;
