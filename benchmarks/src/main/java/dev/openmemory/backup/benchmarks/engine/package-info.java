/** Compression, memory and waits of writers without a target. */
@NullMarked
package dev.openmemory.backup.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
